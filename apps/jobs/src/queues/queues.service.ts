import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { TASKS_QUEUE } from '@repo/contracts';
import { NotFoundError } from '@repo/core';
import { Queues } from '@repo/queue';
import { type BoardResponse, QueueBoard } from './queue-board.js';

const BASE_PATH = '/admin/queues/';
const UI = join(dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')), 'dist');
/** The files that may be served. */
const ASSETS = new Set(
  readdirSync(join(UI, 'static'), { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replaceAll('\\', '/'),
  ),
);
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

@Injectable()
export class QueuesService {
  constructor(
    private readonly board: QueueBoard,
    private readonly queues: Queues,
  ) {}

  /** @throws NotFoundError for an unknown path, UnavailableError when Redis is unavailable */
  async data(path: string, query: Record<string, string>): Promise<BoardResponse> {
    const tasks = this.queues.of(TASKS_QUEUE);
    const names = new Set([TASKS_QUEUE, ...(await tasks.queueNames())]);
    this.board.show(await Promise.all([...names].sort().map((name) => this.queues.of(name).connected())));
    const response = await this.board.get(path, query);
    if (!response) throw new NotFoundError();
    return response;
  }

  async asset(name: string): Promise<{ content: Buffer; type: string }> {
    const type = ASSETS.has(name) && TYPES[extname(name)];
    if (!type) throw new NotFoundError();
    return { content: await readFile(join(UI, 'static', name)), type };
  }

  /** bull-board's page, without the fonts that it loads from another host. */
  async page(): Promise<string> {
    const template = await readFile(join(UI, 'index.ejs'), 'utf8');
    const values = this.board.pageValues(BASE_PATH);
    return template
      .replace(/<link [^>]*href="https?:[^>]*>/g, '')
      .replace(/<%[=-] *(\w+) *%>/g, (_, name: string) => values[name] ?? '');
  }
}
