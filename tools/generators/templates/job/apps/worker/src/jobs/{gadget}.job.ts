import { GadgetPayload } from '@repo/contracts';
import { Job, type JobHandler } from '../tasks/job.decorator.js';

/** A task may run more than once: what it must do once belongs into `task.once`, the second that `run` is handed. */
@Job({ name: '/* job.name */', payload: GadgetPayload })
export class Gadget implements JobHandler<GadgetPayload> {
  async run(payload: GadgetPayload): Promise<string> {
    return `~Gadget~: ${payload./* first.text */}`;
  }
}
