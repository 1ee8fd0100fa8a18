import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HashingJob } from './hashing.worker.js';

/** A thread that does one job at a time. It keeps the process alive while it works, and no longer. */
export class HashingThread {
  private worker?: Worker;

  async do<T extends string | boolean>(job: HashingJob): Promise<T> {
    const worker = (this.worker ??= this.start());
    worker.ref();
    try {
      worker.postMessage(job);
      const [result] = (await once(worker, 'message')) as [T];
      return result;
    } finally {
      worker.unref();
    }
  }

  private start(): Worker {
    const worker = new Worker(new URL('hashing.worker.js', import.meta.url));
    worker.once('exit', () => (this.worker = undefined));
    return worker;
  }
}
