import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RefreshTokenBody, type Token } from '@repo/contracts';
import { validated } from '@repo/core';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthConfig } from '../app.config.js';
import type { TokenPair } from '../tokens/tokens.service.js';
import { type CookieContext, settingsThatDropCookie } from './dropped-cookies.js';

/**
 * Sends the refresh token to clients and reads it from their requests. It is in a cookie; with `REFRESH_TOKEN_IN_BODY` also
 * in bodies. Warns about settings with which browsers drop the cookie.
 */
@Injectable()
export class RefreshTokenTransport implements OnApplicationBootstrap {
  private readonly logger = new Logger(RefreshTokenTransport.name);
  /** Settings that a warning was logged for. */
  private readonly warned = new Set<string>();

  constructor(private readonly config: AuthConfig) {}

  onApplicationBootstrap(): void {
    const { PUBLIC_URL } = this.config;
    this.warn(PUBLIC_URL ? { url: new URL(PUBLIC_URL) } : {});
  }

  /** @throws InvalidInputError for a body with other fields */
  async read(request: FastifyRequest): Promise<string | undefined> {
    const { refresh_token } = await validated(RefreshTokenBody, request.body ?? {}, {
      location: 'body',
      forbidExtra: true,
    });
    return (
      refresh_token || parseCookie(request.headers.cookie ?? '')[this.config.REFRESH_COOKIE_NAME] || undefined
    );
  }

  /** Sets the cookie. @returns the body of the response */
  send(request: FastifyRequest, reply: FastifyReply, { accessToken, refreshToken }: TokenPair): Token {
    this.warnForBrowser(request);
    this.setCookie(reply, refreshToken, this.config.refreshSeconds);
    return {
      access_token: accessToken,
      token_type: 'bearer',
      ...(this.config.REFRESH_TOKEN_IN_BODY && { refresh_token: refreshToken }),
    };
  }

  clear(reply: FastifyReply): void {
    this.setCookie(reply, '', 0);
  }

  /** Clears the cookie with the attributes that it was set with: with others, browsers treat it as another cookie. */
  private setCookie(reply: FastifyReply, value: string, maxAge: number): void {
    const { config } = this;
    const attributes = {
      httpOnly: true,
      secure: config.REFRESH_COOKIE_SECURE,
      sameSite: config.REFRESH_COOKIE_SAMESITE,
      domain: config.REFRESH_COOKIE_DOMAIN || undefined,
      path: config.REFRESH_COOKIE_PATH,
      maxAge,
    };
    reply.header(
      'Set-Cookie',
      stringifySetCookie({ name: config.REFRESH_COOKIE_NAME, value, ...attributes }),
    );
  }

  /** Only browsers send an origin. Other clients may keep every cookie. */
  private warnForBrowser({ headers, protocol, host }: FastifyRequest): void {
    const url = `${protocol}://${host}`;
    if (!headers.origin || !URL.canParse(url)) return;
    this.warn({ url: new URL(url), isCrossSite: headers['sec-fetch-site'] === 'cross-site' });
  }

  private warn(context: CookieContext): void {
    for (const { setting, reason } of settingsThatDropCookie(this.config, context)) {
      if (this.warned.has(setting)) continue;
      this.warned.add(setting);
      this.logger.warn({ event: 'cookie.dropped', msg: reason });
    }
  }
}
