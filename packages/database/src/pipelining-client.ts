import pg from 'pg';

/**
 * Client that sends a statement without waiting for the results of earlier ones (pipelining), and all statements of one
 * turn of the event loop in one write.
 */
export class PipeliningClient extends pg.Client {
  private corked = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    (this as { pipeline: boolean }).pipeline = true;
    // A lost connection rejects its statements. Without a listener, it would end the process between two owners.
    this.on('error', () => undefined);
  }

  override query(...args: unknown[]): never {
    const { stream } = this.connection;
    if (!this.corked) {
      this.corked = true;
      stream.cork();
      setImmediate(() => {
        this.corked = false;
        stream.uncork();
      });
    }
    return (super.query as (...args: unknown[]) => unknown).apply(this, args) as never;
  }
}
