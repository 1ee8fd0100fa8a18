import type { OnModuleInit } from '@nestjs/common';
import type { ReplicaBus } from '@repo/messaging';

const TOPIC = 'banned-words';

// #region copy
/** Words that no title may hold: looked at with every post, and changed now and then. */
export class BannedWords implements OnModuleInit {
  private copy?: Promise<Set<string>>;

  constructor(
    private readonly bus: Pick<ReplicaBus, 'leaseValid' | 'listen' | 'broadcast'>,
    private readonly load: () => Promise<Set<string>>,
  ) {}

  onModuleInit(): void {
    const forget = () => (this.copy = undefined);
    this.bus.listen(TOPIC, { onMessage: () => void forget(), reload: () => void forget() });
  }

  async has(word: string): Promise<boolean> {
    const words = await (this.bus.leaseValid ? (this.copy ??= this.load()) : this.load());
    return words.has(word);
  }

  /** Call it after the commit. A question that is asked once this has resolved is answered from the new list. */
  async changed(): Promise<void> {
    await this.bus.broadcast(TOPIC, {});
  }
}
// #endregion
