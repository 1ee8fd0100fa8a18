import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@repo/core';
import { AuthConfig } from '../app.config.js';

const require = createRequire(import.meta.url);
const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));
const assets = join(import.meta.dirname, '../../../assets');

/** The served files by their name in the URL. No other file is read. */
const ASSETS: Record<string, { file: string; type: string }> = {
  'swagger-ui.css': { file: join(swaggerUi, 'swagger-ui.css'), type: 'text/css; charset=utf-8' },
  'swagger-ui-bundle.js': {
    file: join(swaggerUi, 'swagger-ui-bundle.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'redoc.standalone.js': {
    file: join(assets, 'redoc.standalone.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'favicon-32x32.png': { file: join(swaggerUi, 'favicon-32x32.png'), type: 'image/png' },
  'start.js': {
    file: join(assets, 'start.js'),
    type: 'text/javascript; charset=utf-8',
  },
};

@Injectable()
export class DocsService {
  constructor(private readonly config: AuthConfig) {}

  /** The merged document of all services, with the configured title, version, contact and licence. */
  async document(): Promise<object> {
    const file = fileURLToPath(import.meta.resolve('@repo/contracts/openapi.json'));
    const { config } = this;
    const document = JSON.parse(await readFile(file, 'utf8')) as { info: object };
    return {
      ...document,
      info: {
        ...document.info,
        title: config.APP_NAME,
        description: config.APP_DESCRIPTION,
        version: config.APP_VERSION,
        contact: {
          name: config.CONTACT_NAME || config.APP_NAME,
          ...(config.CONTACT_EMAIL && { email: config.CONTACT_EMAIL }),
        },
        license: { name: config.LICENSE_NAME, identifier: spdxIdentifier(config.LICENSE_NAME) },
      },
    };
  }

  async asset(name: string): Promise<{ content: Buffer; type: string }> {
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (!asset) throw new NotFoundError();
    return { content: await readFile(asset.file), type: asset.type };
  }

  page(kind: 'docs' | 'redoc'): string {
    const body =
      kind === 'docs'
        ? '<link rel="stylesheet" href="/docs/swagger-ui.css"><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script>'
        : '<div id="redoc"></div><script src="/docs/redoc.standalone.js"></script>';
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(this.config.APP_NAME)}</title><link rel="icon" href="/docs/favicon-32x32.png"></head><body>${body}<script src="/docs/start.js"></script></body></html>`;
  }
}

/** The identifier of a licence: its name, or `LicenseRef-…` for a name that cannot be one. */
function spdxIdentifier(name: string): string {
  const identifier = name.replace(/[^A-Za-z0-9.+-]+/g, '-');
  return identifier === name ? name : `LicenseRef-${identifier}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
