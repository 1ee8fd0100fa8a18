/** Settles as `work` does, or resolves to undefined after `timeoutMs`. `work` itself continues. */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, timeoutMs, undefined)));
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
