import { StringField } from '../rules/index.js';

/** The path of what has a UUID. Any text: an id that is no UUID is a 404, not a 422. */
export class UuidParam {
  @StringField({ format: 'uuid' })
  id: string;
}
