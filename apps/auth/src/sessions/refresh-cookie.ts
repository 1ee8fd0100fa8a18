import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'refresh_token';
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;

export function readRefreshCookie(request: FastifyRequest): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[NAME] || undefined;
}

export function setRefreshCookie(reply: FastifyReply, token: string, maxAge: number): void {
  reply.header('Set-Cookie', stringifySetCookie({ name: NAME, value: token, ...ATTRIBUTES, maxAge }));
}

/** Clears the cookie with the attributes that it was set with: with others, browsers treat it as another cookie. */
export function clearRefreshCookie(reply: FastifyReply): void {
  reply.header('Set-Cookie', stringifySetCookie({ name: NAME, value: '', ...ATTRIBUTES, maxAge: 0 }));
}
