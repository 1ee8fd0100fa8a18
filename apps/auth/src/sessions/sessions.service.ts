import { Injectable, Logger } from '@nestjs/common';
import { Revocations, type TokenClaims, TokenVerifier } from '@repo/auth';
import { isUuid, type Revocation, type SessionRead, type UserSnapshot } from '@repo/contracts';
import { type Caller, NotFoundError, UnauthenticatedError } from '@repo/core';
import { Database, type Transaction } from '@repo/database';
import { v7 as uuidv7 } from 'uuid';
import { AuthConfig } from '../app.config.js';
import { RevocationsRepository } from '../revocations/revocations.repository.js';
import { LoginThrottle } from './login-throttle.js';
import { SessionsRepository } from './sessions.repository.js';
import { newTokenIds, type TokenId, type TokenPair, TokensService } from './tokens.service.js';
import { UsersClient } from './users.client.js';

/** Two tabs may send the same refresh token at once; later than this it was stolen. */
const REUSE_GRACE_MS = 10_000;
const MAX_USER_AGENT = 255;

export interface ClientInfo {
  address?: string;
  userAgent?: string;
}

type Rotation =
  | { outcome: 'rotated'; userId: number; token: TokenId }
  | { outcome: 'refused' }
  | { outcome: 'theft' };

@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly revocationRows: RevocationsRepository,
    private readonly revocations: Revocations,
    private readonly tokens: TokensService,
    private readonly verifier: TokenVerifier,
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
    private readonly database: Database,
    private readonly config: AuthConfig,
  ) {}

  /** @throws UnauthenticatedError alike for an unknown name and for a wrong password */
  async login(login: string, password: string, client: ClientInfo): Promise<TokenPair> {
    const tokens = await this.throttle.guess(login, client.address, () =>
      this.logIn(login, password, client),
    );
    if (!tokens) {
      this.logger.warn({ event: 'login.failed', msg: 'A login failed' });
      throw new UnauthenticatedError('Wrong username, email or password.');
    }
    return tokens;
  }

  /** Each refresh token is good for one successor; the whole session dies when an old one turns up. */
  async refresh(refreshToken: string | undefined): Promise<TokenPair> {
    if (refreshToken === undefined) throw new UnauthenticatedError('Refresh token missing.');
    const claims = await this.verifier.verify(refreshToken, 'refresh');
    if (!claims) throw invalidRefreshToken();
    const ids = newTokenIds();
    const user = await this.users.find(Number(claims.sub));
    if (!user || user.deleted) throw invalidRefreshToken();
    const rotation = await this.database.transaction((tx) => this.rotate(claims, ids.refresh, tx));
    if (rotation.outcome === 'theft') await this.endStolen(claims.sid);
    if (rotation.outcome !== 'rotated' || rotation.userId !== user.id) throw invalidRefreshToken();
    return this.tokens.sign(user, claims.sid, { ...ids, refresh: rotation.token });
  }

  /** @throws UnauthenticatedError `Invalid token.` for a token that is not good any more */
  async logout(accessToken: string | undefined): Promise<void> {
    if (accessToken === undefined) throw new UnauthenticatedError();
    const claims = await this.verifier.verify(accessToken, 'access');
    if (!claims || (await this.revocations.isRevoked(claims)))
      throw new UnauthenticatedError('Invalid token.');
    await this.end({ id: claims.sid });
  }

  async logoutAll(caller: Caller): Promise<void> {
    await this.end({ userId: caller.id });
  }

  async list(caller: Caller): Promise<SessionRead[]> {
    const sessions = await this.sessions.findLiveOfUser(caller.id);
    return sessions.map(({ id, createdAt, lastUsedAt, ip, userAgent }) => ({
      id,
      created_at: createdAt,
      last_used_at: lastUsedAt,
      ip,
      user_agent: userAgent,
      current: id === caller.sessionId,
    }));
  }

  async remove(id: string, caller: Caller): Promise<void> {
    const session = isUuid(id) ? await this.sessions.findLive(id) : null;
    if (session?.userId !== caller.id) throw new NotFoundError('Session not found');
    await this.end({ id });
  }

  /** @throws UnauthenticatedError `Wrong password.` */
  async changePassword(caller: Caller, currentPassword: string, newPassword: string): Promise<void> {
    const change = { userId: caller.id, currentPassword, newPassword, keepSessionId: caller.sessionId };
    const counter = `password:${caller.id}`;
    if (await this.throttle.guess(counter, undefined, () => this.users.changePassword(change))) {
      this.logger.log({ event: 'password.changed', msg: 'A password was changed', subject: caller.id });
      return;
    }
    this.logger.warn({
      event: 'password.refused',
      msg: 'A password was not changed: the current one was wrong',
    });
    throw new UnauthenticatedError('Wrong password.');
  }

  /** Ends sessions in the transaction of the event that asks for it; every service knows before this resolves. */
  async endOfUser(
    userId: number,
    options: { except?: string | null; userIsGone: boolean },
    tx: Transaction,
  ): Promise<void> {
    await this.revoke({ userId, except: options.except }, tx);
    if (options.userIsGone) await this.endAccess(userId, tx);
  }

  async hardDeleteUser(userId: number, tx: Transaction): Promise<void> {
    await this.endOfUser(userId, { userIsGone: true }, tx);
    await this.sessions.deleteOfUser(userId, tx);
  }

  /** Access tokens from before now die: with a user, or with its old privileges; a refresh gets the new ones. */
  async endAccess(userId: number, tx: Transaction): Promise<void> {
    const now = Date.now();
    const expiresAt = now + this.config.accessSeconds * 1000;
    const revocation: Revocation = {
      kind: 'user',
      id: userId,
      issuedBefore: Math.floor(now / 1000) + 1,
      expiresAt,
    };
    await this.revocationRows.upsert([revocation], tx);
    tx.afterCommit(() => this.revocations.revoke(revocation));
  }

  private async logIn(login: string, password: string, client: ClientInfo): Promise<TokenPair | null> {
    const ids = newTokenIds();
    const user = await this.users.verifyCredentials(login, password);
    const sessionId = user && (await this.begin(user.id, ids.refresh, client));
    if (!sessionId || !(await this.isStillRight(login, password, user, sessionId))) return null;
    this.logger.log({ event: 'login.succeeded', msg: 'A user logged in', subject: user.id });
    return this.tokens.sign(user, sessionId, ids);
  }

  /** @returns the id of a new session */
  private async begin(userId: number, refreshToken: TokenId, client: ClientInfo): Promise<string> {
    const session = {
      id: uuidv7(),
      userId,
      ip: client.address ?? null,
      userAgent: client.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
      expiresAt: this.refreshEnd(refreshToken),
    };
    await this.sessions.begin(session, refreshToken);
    return session.id;
  }

  /**
   * Asked once the session is there. A change of the password ends the sessions that it finds: one that was too early
   * to find this session is seen here, and ends it.
   */
  private async isStillRight(
    login: string,
    password: string,
    user: UserSnapshot,
    sessionId: string,
  ): Promise<boolean> {
    let isRight = false;
    try {
      const { version } = (await this.users.find(user.id)) ?? {};
      isRight =
        version === user.version || (await this.users.verifyCredentials(login, password))?.id === user.id;
      return isRight;
    } finally {
      if (!isRight) await this.end({ id: sessionId });
    }
  }

  private async end(which: { id: string } | { userId: number }): Promise<void> {
    await this.database.transaction((tx) => this.revoke(which, tx));
  }

  private async revoke(
    which: { id: string } | { userId: number; except?: string | null },
    tx: Transaction,
  ): Promise<void> {
    const ids = await this.sessions.revoke(which, tx);
    const expiresAt = Date.now() + this.config.refreshSeconds * 1000;
    const revocations = ids.map((id): Revocation => ({ kind: 'session', id, expiresAt }));
    await this.revocationRows.upsert(revocations, tx);
    if (revocations.length > 0) tx.afterCommit(() => this.revocations.revoke(...revocations));
  }

  private refreshEnd({ issuedAt }: TokenId): Date {
    return new Date((issuedAt + this.config.refreshSeconds) * 1000);
  }

  private async rotate(
    { sid: sessionId, jti: tokenId }: TokenClaims,
    successor: TokenId,
    tx: Transaction,
  ): Promise<Rotation> {
    const session = await this.sessions.lockLive(sessionId, tx);
    const token = session && (await this.sessions.findToken(tokenId, tx));
    if (!session || token?.sessionId !== sessionId) return { outcome: 'refused' };
    if (token.usedAt === null) {
      await this.sessions.insertToken({ ...successor, sessionId }, tx);
      await this.sessions.replaceToken(token.id, successor.id, tx);
      await this.sessions.touch(sessionId, this.refreshEnd(successor), tx);
      return { outcome: 'rotated', userId: session.userId, token: successor };
    }
    const known = token.successorId && (await this.sessions.findToken(token.successorId, tx));
    if (!known || Date.now() - token.usedAt.getTime() > REUSE_GRACE_MS) return { outcome: 'theft' };
    return {
      outcome: 'rotated',
      userId: session.userId,
      token: { id: known.id, issuedAt: known.issuedAt },
    };
  }

  private async endStolen(sessionId: string): Promise<void> {
    this.logger.warn({
      event: 'refresh.reused',
      msg: 'A used refresh token came again: the session ends',
      session: sessionId,
    });
    await this.end({ id: sessionId });
  }
}

const invalidRefreshToken = () => new UnauthenticatedError('Invalid refresh token.');
