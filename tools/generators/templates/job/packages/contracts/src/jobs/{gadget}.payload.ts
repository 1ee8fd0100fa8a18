/* dto.imports */

/* dto.constants */

/** The payload of the job `/* job.name */`. */
export class GadgetPayload {
  /* dto.create */
}
