import { Injectable, Logger } from '@nestjs/common';
import { Revocations, sessionRevocation, type TokenClaims, TokenVerifier, userRevocation } from '@repo/auth';
import { isUuid, type SessionRead, type UserSnapshot } from '@repo/contracts';
import { type Caller, NotFoundError, UnauthenticatedError } from '@repo/core';
import { Database, type Transaction } from '@repo/database';
import { v7 as uuidv7 } from 'uuid';
import { AuthConfig } from '../app.config.js';
import { RevocationsRepository } from '../revocations/revocations.repository.js';
import { LoginThrottle } from '../login-throttling/login-throttle.service.js';
import { newTokenIds, type TokenId, type TokenPair, TokensService } from '../tokens/tokens.service.js';
import { UsersClient } from '../users/users.client.js';
import { SessionsRepository } from './sessions.repository.js';

/** Two tabs may send the same refresh token in parallel. After this time, only a thief sends one whose successor was used. */
const REUSE_GRACE_SECONDS = 10;
const MAX_USER_AGENT = 255;

export interface ClientInfo {
  address?: string;
  userAgent?: string;
}

type UserVersion = Pick<UserSnapshot, 'id' | 'version'>;

type Rotation =
  | { result: 'rotated'; userId: number; token: TokenId }
  | { result: 'refused' }
  | { result: 'theft' };

@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly storedRevocations: RevocationsRepository,
    private readonly revocations: Revocations,
    private readonly tokens: TokensService,
    private readonly verifier: TokenVerifier,
    private readonly users: UsersClient,
    private readonly throttle: LoginThrottle,
    private readonly database: Database,
    private readonly config: AuthConfig,
  ) {}

  /** @throws UnauthenticatedError with the same text for an unknown name and a wrong password */
  async login(login: string, password: string, client: ClientInfo): Promise<TokenPair> {
    const tokens = await this.throttle.attempt(login, client.address, () =>
      this.createSession(login, password, client),
    );
    if (!tokens) {
      this.logger.warn({ event: 'login.failed', msg: 'A login failed' });
      throw new UnauthenticatedError('Wrong username, email or password.');
    }
    return tokens;
  }

  /** Replaces a refresh token by its successor. A token that is sent again after the successor was used ends the session. */
  async refresh(refreshToken: string | undefined): Promise<TokenPair> {
    if (refreshToken === undefined) throw new UnauthenticatedError('Refresh token missing.');
    const claims = await this.verifier.verify(refreshToken, 'refresh');
    if (!claims) throw invalidRefreshToken();
    const ids = newTokenIds();
    const user = await this.users.find(Number(claims.sub));
    if (!user || user.deleted) throw invalidRefreshToken();
    const rotation = await this.database.transaction((tx) => this.rotate(claims, ids.refresh, tx));
    if (rotation.result === 'theft') await this.endStolen(claims.sid);
    if (rotation.result !== 'rotated' || rotation.userId !== user.id) throw invalidRefreshToken();
    return this.tokens.sign(user, claims.sid, { ...ids, refresh: rotation.token });
  }

  /**
   * Ends the session of the access token or, without a usable one, of the refresh token.
   *
   * @throws UnauthenticatedError `Invalid token.` when neither names a live session
   */
  async logout({ accessToken, refreshToken }: Partial<TokenPair>): Promise<void> {
    if (accessToken === undefined && refreshToken === undefined) throw new UnauthenticatedError();
    const id = (await this.sessionOfAccess(accessToken)) ?? (await this.sessionOfRefresh(refreshToken));
    if (!id) throw new UnauthenticatedError('Invalid token.');
    await this.end({ id });
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

  async delete(id: string, caller: Caller): Promise<void> {
    const session = isUuid(id) ? await this.sessions.findLive(id) : null;
    if (session?.userId !== caller.id) throw new NotFoundError('Session not found');
    await this.end({ id });
  }

  /** @throws UnauthenticatedError `Wrong password.` */
  async changePassword(caller: Caller, currentPassword: string, newPassword: string): Promise<void> {
    const change = { userId: caller.id, currentPassword, newPassword, keepSessionId: caller.sessionId };
    const counter = `password:${caller.id}`;
    if (await this.throttle.attempt(counter, undefined, () => this.users.changePassword(change))) {
      this.logger.log({ event: 'password.changed', msg: 'A password was changed', subject: caller.id });
      return;
    }
    this.logger.warn({
      event: 'password.refused',
      msg: 'A password was not changed: the current one was wrong',
    });
    throw new UnauthenticatedError('Wrong password.');
  }

  /** Ends sessions. Once the transaction has returned, every service refuses their tokens. */
  async revoke(
    which: { id: string } | { userId: number; except?: string | null },
    tx: Transaction,
  ): Promise<void> {
    const ids = await this.sessions.revoke(which, tx);
    const revocations = ids.map((id) => sessionRevocation(id, this.config.refreshSeconds * 1000));
    await this.storedRevocations.upsert(revocations, tx);
    if (revocations.length > 0) tx.afterCommit(() => this.revocations.revoke(...revocations));
  }

  /** Ends all sessions of a deleted user, and all access tokens. */
  async endAllOfUser(user: UserVersion, tx: Transaction): Promise<void> {
    await this.revoke({ userId: user.id }, tx);
    await this.revokeAccessTokens(user, tx);
  }

  async hardDeleteAllOfUser(user: UserVersion, tx: Transaction): Promise<void> {
    await this.endAllOfUser(user, tx);
    await this.sessions.hardDeleteAllOfUser(user.id, tx);
  }

  /** Revokes the access tokens of older versions of a user. The sessions go on: a refresh returns the new privileges. */
  async revokeAccessTokens({ id, version }: UserVersion, tx: Transaction): Promise<void> {
    const revocation = userRevocation(id, version, this.config.accessSeconds * 1000);
    await this.storedRevocations.upsert([revocation], tx);
    tx.afterCommit(() => this.revocations.revoke(revocation));
  }

  private async sessionOfAccess(token = ''): Promise<string | undefined> {
    const claims = await this.verifier.verify(token, 'access');
    return claims && !(await this.revocations.isRevoked(claims)) ? claims.sid : undefined;
  }

  /** Reads the session: a revocation may be of access tokens only. */
  private async sessionOfRefresh(token = ''): Promise<string | undefined> {
    const claims = await this.verifier.verify(token, 'refresh');
    return claims && (await this.sessions.findLive(claims.sid))?.id;
  }

  private async createSession(
    login: string,
    password: string,
    client: ClientInfo,
  ): Promise<TokenPair | null> {
    const ids = newTokenIds();
    const user = await this.users.verifyCredentials(login, password);
    const sessionId = user && (await this.insertSession(user.id, ids.refresh, client));
    if (!sessionId || !(await this.isStillValid(login, password, user, sessionId))) return null;
    this.logger.log({ event: 'login.succeeded', msg: 'A user logged in', subject: user.id });
    return this.tokens.sign(user, sessionId, ids);
  }

  /** @returns the id of a new session */
  private async insertSession(userId: number, refreshToken: TokenId, client: ClientInfo): Promise<string> {
    const session = {
      id: uuidv7(),
      userId,
      ip: client.address ?? null,
      userAgent: client.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
      expiresAt: this.refreshEnd(refreshToken),
    };
    await this.sessions.insert(session, refreshToken);
    return session.id;
  }

  /**
   * Checks the password again once the session is stored, when the user has changed meanwhile. A change of the password
   * ends the stored sessions: one that came too early to find this session is noticed here.
   */
  private async isStillValid(
    login: string,
    password: string,
    user: UserSnapshot,
    sessionId: string,
  ): Promise<boolean> {
    let isValid = false;
    try {
      const { version } = (await this.users.find(user.id)) ?? {};
      isValid =
        version === user.version || (await this.users.verifyCredentials(login, password))?.id === user.id;
      return isValid;
    } finally {
      if (!isValid) await this.end({ id: sessionId });
    }
  }

  private async end(which: { id: string } | { userId: number }): Promise<void> {
    await this.database.transaction((tx) => this.revoke(which, tx));
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
    if (!session || token?.sessionId !== sessionId) return { result: 'refused' };
    if (token.usedAt === null) {
      await this.sessions.insertToken({ ...successor, sessionId }, tx);
      await this.sessions.replaceToken(token.id, successor.id, tx);
      await this.sessions.touch(sessionId, this.refreshEnd(successor), tx);
      return { result: 'rotated', userId: session.userId, token: successor };
    }
    // The response with the successor may be lost: until the successor is used, the token gets it again.
    const known = token.successorId && (await this.sessions.findToken(token.successorId, tx));
    if (!known || (await this.sessions.wasUsedBefore(known.id, REUSE_GRACE_SECONDS, tx)))
      return { result: 'theft' };
    return {
      result: 'rotated',
      userId: session.userId,
      token: { id: known.id, issuedAt: known.issuedAt },
    };
  }

  private async endStolen(sessionId: string): Promise<void> {
    this.logger.warn({
      event: 'refresh.reused',
      msg: 'A used refresh token was sent again: the session ends',
      session: sessionId,
    });
    await this.end({ id: sessionId });
  }
}

const invalidRefreshToken = () => new UnauthenticatedError('Invalid refresh token.');
