import { RouteConfig } from '@nestjs/platform-fastify';
import { AppError, BadRequestError, InvalidInputError } from '@repo/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** Makes a route accept a form (urlencoded or multipart) instead of JSON. */
export const FormBody = () => RouteConfig({ body: 'form' });

/** Makes a route ignore the body, unless the setting of that name is true. */
export const NoBody = ({ unless }: { unless?: string } = {}) => RouteConfig({ body: 'none', unless });

/** Parses forms on routes with `@FormBody()`. On other routes a form is 415, as is any charset but UTF-8. */
export function registerFormBody(fastify: FastifyInstance, settings: object): void {
  const parse = ({ headers }: FastifyRequest, body: Buffer) => parseForm(headers['content-type']!, body);
  fastify.addContentTypeParser(FORM_TYPES, { parseAs: 'buffer' }, parse);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { body: wanted, unless = '' } = request.routeOptions.config as { body?: string; unless?: string };
    const type = request.headers['content-type'];
    if (wanted === 'none' && !(settings as Record<string, unknown>)[unless]) {
      for (const header of ['content-type', 'content-length', 'transfer-encoding'])
        delete request.headers[header];
      return done();
    }
    if (type === undefined || request.is404) return done();
    const isForm = FORM_TYPES.includes(type.split(';', 1)[0]!.trim().toLowerCase());
    const charset = /;\s*charset=("?)([^";\s]*)\1/i.exec(type)?.[2] ?? 'utf-8';
    const accepted = isForm === (wanted === 'form') && /^utf-?8$/i.test(charset);
    done(accepted ? undefined : new AppError(415, 'Unsupported Media Type'));
  });
}

/**
 * @returns the fields of a form
 * @throws BadRequestError when it cannot be read, for example a multipart form without boundary
 * @throws InvalidInputError for a file, a field that is given twice, and a text that is not in UTF-8
 */
export async function parseForm(type: string, body: Buffer): Promise<Record<string, string>> {
  const unreadable = () => new BadRequestError('The form cannot be read');
  const entries = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => Promise.reject(unreadable()));
  const form = new Map<string, string>();
  for (const [name, value] of entries) {
    if (typeof value !== 'string' || form.has(name))
      throw invalid(name, 'Each field of the form is a text, and is given once');
    if (value.includes('\ufffd')) throw invalid(name, 'The form should be in UTF-8');
    form.set(name, value);
  }
  return Object.fromEntries(form);
}

function invalid(name: string, msg: string): InvalidInputError {
  return new InvalidInputError({ loc: ['body', name], type: 'value_error', msg });
}
