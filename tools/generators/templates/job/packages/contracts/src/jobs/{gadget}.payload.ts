/* dto.imports */

/* dto.constants */

/** What `/* job.name */` works on. */
export class GadgetPayload {
  /* dto.create */
}
