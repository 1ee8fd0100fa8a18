import { UnavailableError } from '../errors/app-error.js';

const FAILURES_TO_OPEN = 3;
const TEST_INTERVAL_MS = 500;

export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Refuses calls to a server that does not answer. Three failures in a row open the circuit. Then one test
 * call every 500 ms is made (half-open), and a successful one closes it.
 */
export class CircuitBreaker {
  private failures = 0;
  private nextTestAt = 0;

  /** @param server name of what the calls go to, for the error */
  constructor(private readonly server: string) {}

  get state(): CircuitState {
    if (this.failures < FAILURES_TO_OPEN) return 'closed';
    return performance.now() < this.nextTestAt ? 'open' : 'half-open';
  }

  /**
   * Makes a call. While the circuit is half-open, `call` should use a short timeout.
   *
   * @param isFailure whether an error says that the server does not answer; other errors change nothing
   * @throws UnavailableError without a call while the circuit is open
   */
  async run<T>(
    call: (state: CircuitState) => Promise<T>,
    isFailure: (error: unknown) => boolean = () => true,
  ): Promise<T> {
    const { state } = this;
    if (state === 'open') {
      const cause = new Error(`The circuit breaker of ${this.server} is open`);
      throw new UnavailableError(undefined, { cause });
    }
    if (state === 'half-open') this.delayTest();
    try {
      const result = await call(state);
      this.failures = 0;
      return result;
    } catch (error) {
      if (isFailure(error)) {
        this.failures += 1;
        this.delayTest();
      }
      throw error;
    }
  }

  private delayTest(): void {
    this.nextTestAt = performance.now() + TEST_INTERVAL_MS;
  }
}
