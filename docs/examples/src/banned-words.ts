import type { OnModuleInit } from '@nestjs/common';
import type { ReplicaBus } from '@repo/messaging';

const TOPIC = 'banned-words';

// #region copy
/** Words that titles must not contain, cached in memory: every post reads them, and they seldom change. */
export class BannedWords implements OnModuleInit {
  private copy?: Promise<Set<string>>;

  constructor(
    private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen' | 'broadcast'>,
    private readonly load: () => Promise<Set<string>>,
  ) {}

  onModuleInit(): void {
    const drop = () => void (this.copy = undefined);
    this.bus.listen(TOPIC, { onMessage: drop, reload: drop });
  }

  async has(word: string): Promise<boolean> {
    const words = await (this.bus.leaseValid ? (this.copy ??= this.load()) : this.load());
    return words.has(word);
  }

  /** Call it after the commit. A call of `has` that starts after this has resolved uses the new list. */
  async changed(): Promise<void> {
    await this.bus.broadcast(TOPIC, {});
  }
}
// #endregion
