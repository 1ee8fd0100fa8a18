import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';
import { Injectable } from '@nestjs/common';
import type { BullQueue } from '@repo/queue';

export interface BoardAnswer {
  status: number;
  body: unknown;
}

type Route = Pick<AppControllerRoute, 'handler'> & { pattern: RegExp; parameters: number };

const UI_CONFIG: UIConfig = {
  boardTitle: 'Queues',
  hideDocsLink: true,
  // Who is connected to Redis is for its administrators: our account may not ask.
  showWorkers: false,
};

/**
 * What bull-board knows, without a web framework: its adapters bring routes of their own, past our guards and errors,
 * and a page that asks another host for its fonts.
 */
@Injectable()
export class QueueBoard implements IServerAdapter {
  private queues: BullBoardQueues = new Map();
  private uiConfig: UIConfig = {};
  private routes: Route[] = [];
  private entry?: AppViewRoute;
  private readonly replaceQueues: (queues: BullMQAdapter[]) => void;

  constructor() {
    const board = createBullBoard({ queues: [], serverAdapter: this, options: { uiConfig: UI_CONFIG } });
    this.replaceQueues = (queues) => board.replaceQueues(queues);
  }

  show(queues: BullQueue[]): void {
    this.replaceQueues(queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })));
  }

  /** What the page asks for while it is open; undefined when there is no such thing. */
  async answer(path: string, query: Record<string, string>): Promise<BoardAnswer | undefined> {
    const route = this.routes.find(({ pattern }) => pattern.test(path));
    if (!route) return undefined;
    const params = { ...route.pattern.exec(path)?.groups };
    for (const [name, value] of Object.entries(params)) params[name] = decodeURIComponent(value);
    const { queues, uiConfig } = this;
    const { status = 200, body } = await route.handler({
      queues,
      uiConfig,
      query,
      params,
      body: {},
      headers: {},
    });
    return { status, body };
  }

  /** The values that the page is filled with. */
  pageValues(basePath: string): Record<string, string> {
    return this.entry!.handler({ basePath, uiConfig: this.uiConfig }).params;
  }

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setUIConfig(uiConfig: UIConfig): this {
    this.uiConfig = uiConfig;
    return this;
  }

  setEntryRoute(entry: AppViewRoute): this {
    this.entry = entry;
    return this;
  }

  /** Those that only look; the more literal ones first. */
  setApiRoutes(routes: AppControllerRoute[]): this {
    const reads = routes.filter(({ method }) => [method].flat().includes('get'));
    this.routes = reads
      .flatMap(({ route, handler }) => [route].flat().map((path) => toRoute(path, handler)))
      .sort((a, b) => a.parameters - b.parameters);
    return this;
  }

  setErrorHandler(): this {
    return this;
  }

  setViewsPath(): this {
    return this;
  }

  setStaticPath(): this {
    return this;
  }
}

function toRoute(path: string, handler: Route['handler']): Route {
  const names = path.match(/:\w+/g) ?? [];
  const source = names.reduce((text, name) => text.replace(name, `(?<${name.slice(1)}>[^/]+)`), path);
  return { pattern: new RegExp(`^${source}$`), parameters: names.length, handler };
}
