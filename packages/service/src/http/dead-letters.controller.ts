import { Controller, Get, HttpCode, Inject, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Superuser } from '@repo/auth';
import {
  ApiPage,
  ApiProblem,
  DeadLetterParam,
  DeadLetterRead,
  Message,
  type Page,
  PageQuery,
} from '@repo/contracts';
import { ConflictError } from '@repo/core';
import { mapPage } from '@repo/database';
import { type DeadLetter, DeadLetters } from '@repo/messaging';

/** Routes to list the dead letters of a service and to apply them again. */
export function deadLettersController(service: string): Type {
  @ApiTags('dead letters')
  @Superuser()
  @Controller(`admin/${service}/dead_letters`)
  class DeadLettersController {
    constructor(@Inject(DeadLetters) private readonly deadLetters: DeadLetters) {}

    @Get()
    @ApiOperation({ summary: `List the events that ${service} gave up on, the oldest first` })
    @ApiPage(DeadLetterRead)
    async list(@Query() query: PageQuery): Promise<Page<DeadLetterRead>> {
      return mapPage(await this.deadLetters.list(query), toDeadLetterRead);
    }

    @Get(':id')
    @ApiOperation({ summary: `Read an event that ${service} gave up on` })
    @ApiOkResponse({ type: DeadLetterRead })
    @ApiProblem(404, 'Dead letter not found')
    async get(@Param() { id }: DeadLetterParam): Promise<DeadLetterRead> {
      return toDeadLetterRead(await this.deadLetters.get(id));
    }

    @Post(':id/replay')
    @HttpCode(200)
    @ApiOperation({ summary: `Let ${service} apply an event again, and forget it if that works` })
    @ApiOkResponse({ type: Message })
    @ApiProblem(404, 'Dead letter not found')
    @ApiProblem(409, 'The event failed again')
    async replay(@Param() { id }: DeadLetterParam): Promise<Message> {
      const [replayed] = await this.deadLetters.replay({ id });
      if (replayed?.error !== undefined) throw new ConflictError('The event failed again');
      return { message: 'Event applied' };
    }
  }
  const name = service.charAt(0).toUpperCase() + service.slice(1) + DeadLettersController.name;
  return Object.defineProperty(DeadLettersController, 'name', { value: name });
}

function toDeadLetterRead(letter: DeadLetter): DeadLetterRead {
  const { id, eventId, event, envelope, attempts, failedAt } = letter;
  // The lines after the first are the stack trace, which does not leave the service.
  const [error = ''] = letter.error.split('\n', 1);
  return { id, event_id: eventId, event, envelope, attempts, error, failed_at: failedAt };
}
