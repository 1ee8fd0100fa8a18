import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

type State = 'open' | 'frozen' | 'cut';

/** A TCP proxy between a process and a server, which can cut, freeze and delay their connections. */
export class TcpProxy {
  private readonly server: Server;
  private readonly targetPort: number;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private state: State = 'open';
  private delayMs = 0;

  private constructor(targetPort: number) {
    this.targetPort = targetPort;
    this.server = createServer((near) => this.accept(near));
  }

  static async to(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends the fault: everything passes without delay. */
  restore(): void {
    this.state = 'open';
    this.delayMs = 0;
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  /** Keeps connections and accepts new ones, but passes no byte on: as if packets were dropped. */
  freeze(): void {
    this.state = 'frozen';
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** Resets all connections, and new ones immediately. */
  cut(): void {
    this.state = 'cut';
    this.reset();
  }

  /** Resets all connections; new ones work. */
  reset(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Passes each chunk on after this time, in both directions. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.reset();
    await closed;
  }

  private accept(near: Socket): void {
    if (this.state === 'cut') return void near.on('error', ignore).resetAndDestroy();
    const far = connect({ host: '127.0.0.1', port: this.targetPort });
    const pair = [near, far] as const;
    this.pairs.add(pair);
    this.pass(near, far, pair);
    this.pass(far, near, pair);
  }

  private pass(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true).on('error', ignore);
    from.on('data', (chunk) => {
      if (this.delayMs > 0) setTimeout(() => to.writable && to.write(chunk), this.delayMs);
      else to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      to.destroy();
      this.pairs.delete(pair);
    });
    if (this.state === 'frozen') from.pause();
  }
}

function ignore(): void {}
