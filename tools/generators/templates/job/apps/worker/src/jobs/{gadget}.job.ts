import { GadgetPayload } from '@repo/contracts';
import { Job, type JobHandler } from '../tasks/job.decorator.js';

/** A task can run more than once. Effects that must happen once go into `task.once`; the task is the second argument of `run`. */
@Job({ name: '/* job.name */', payload: GadgetPayload })
export class Gadget implements JobHandler<GadgetPayload> {
  async run(payload: GadgetPayload): Promise<string> {
    return `~Gadget~: ${payload./* first.text */}`;
  }
}
