import { Controller, Delete, Get, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentUser, OptionalAuth } from '@repo/auth';
import {
  ApiPage,
  ApiProblem,
  Message,
  type Page,
  PageQuery,
  SampleTask,
  TaskCreated,
  TaskRead,
  UuidParam,
} from '@repo/contracts';
import type { Caller } from '@repo/core';
import { RateLimit } from '@repo/rate-limit';
import { lastEventId, NoBody, Streaming, Streams } from '@repo/service';
import { Idempotent } from '@repo/service/idempotency';
import { TasksService } from './tasks.service.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly streams: Streams,
  ) {}

  @OptionalAuth()
  @Idempotent()
  @RateLimit()
  @NoBody()
  @Post('task')
  @ApiOperation({ summary: 'Start a task' })
  @ApiCreatedResponse({ type: TaskCreated })
  create(@Query() { message }: SampleTask, @CurrentUser() caller?: Caller): Promise<TaskCreated> {
    return this.tasks.create(message, caller);
  }

  @OptionalAuth()
  @Get('task/:id')
  @ApiOperation({ summary: 'Watch a task' })
  @ApiOkResponse({ type: TaskRead })
  @ApiProblem(404, 'Task not found')
  get(@Param() { id }: UuidParam, @CurrentUser() caller?: Caller): Promise<TaskRead> {
    return this.tasks.get(id, caller);
  }

  // #region stream
  @OptionalAuth()
  @Streaming('The task as it changes: events `task` with the response of "Watch a task" as their data')
  @Get('task/:id/events')
  @ApiOperation({ summary: 'Stream a task' })
  @ApiProblem(404, 'Task not found')
  async stream(@Param() { id }: UuidParam, @CurrentUser() caller?: Caller): Promise<StreamableFile> {
    await this.tasks.get(id, caller);
    const last = lastEventId();
    return this.streams.send((signal) => this.tasks.watch(id, caller, { last, signal }));
  }
  // #endregion

  @Authenticated()
  @Get()
  @ApiOperation({ summary: 'List your tasks, the newest first' })
  @ApiPage(TaskRead)
  list(@Query() query: PageQuery, @CurrentUser() caller: Caller): Promise<Page<TaskRead>> {
    return this.tasks.list(caller, query);
  }

  @OptionalAuth()
  @Delete('task/:id')
  @ApiOperation({ summary: 'Cancel a task that has not started' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Task not found')
  @ApiProblem(409, 'Task already started')
  async cancel(@Param() { id }: UuidParam, @CurrentUser() caller?: Caller): Promise<Message> {
    await this.tasks.cancel(id, caller);
    return { message: 'Task cancelled' };
  }
}
