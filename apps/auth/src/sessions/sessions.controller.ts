import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated, bearerToken, CurrentUser, Public, SECURITY_SCHEME } from '@repo/auth';
import {
  ApiProblem,
  ChangePasswordDto,
  LoginForm,
  Message,
  SessionRead,
  Token,
  UuidParam,
} from '@repo/contracts';
import { type Caller, requestContext, UnauthenticatedError } from '@repo/core';
import { FormBody, NoBody } from '@repo/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefreshTokenTransport } from './refresh-token.transport.js';
import { SameSiteGuard } from './same-site.guard.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('login')
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly transport: RefreshTokenTransport,
  ) {}

  @Public()
  @FormBody()
  @UseGuards(SameSiteGuard)
  @Post('login')
  @ApiOperation({ summary: 'Log in' })
  @HttpCode(200)
  // A multipart form is accepted too. Not documented, because generated clients would have to choose one.
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOkResponse({ type: Token })
  @ApiProblem(401, 'Wrong username, email or password.')
  @ApiProblem(403, 'Foreign origin')
  @ApiProblem(429, 'Too many failed logins. Try again later.')
  async login(
    @Body() { username, password }: LoginForm,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Token> {
    const client = { address: requestContext()?.clientAddress, userAgent: request.headers['user-agent'] };
    return this.transport.send(request, reply, await this.sessions.login(username, password, client));
  }

  @Public()
  @NoBody({ unless: 'REFRESH_TOKEN_IN_BODY' })
  @UseGuards(SameSiteGuard)
  @Post('refresh')
  @ApiOperation({ summary: 'Get a new access token for the refresh cookie' })
  @HttpCode(200)
  @ApiOkResponse({ type: Token })
  @ApiProblem(401, 'Refresh token missing.', 'Invalid refresh token.')
  @ApiProblem(403, 'Foreign origin')
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Token> {
    const refreshToken = await this.transport.read(request);
    return this.transport.send(request, reply, await this.sessions.refresh(refreshToken));
  }

  /** Public, because the service reads the token itself: its refusals have other texts than those of the guard. */
  @Public()
  @NoBody({ unless: 'REFRESH_TOKEN_IN_BODY' })
  @UseGuards(SameSiteGuard)
  @Post('logout')
  @ApiOperation({ summary: 'Log out' })
  @HttpCode(200)
  @ApiBearerAuth(SECURITY_SCHEME)
  @ApiOkResponse({ type: Message })
  @ApiProblem(401, 'Not authenticated', 'Invalid token.')
  @ApiProblem(403, 'Foreign origin')
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const refreshToken = await this.transport.read(request);
    try {
      await this.sessions.logout({ accessToken: bearerToken(request), refreshToken });
    } catch (error) {
      // While a server is unavailable the session is live: the client needs the cookie to try again.
      if (error instanceof UnauthenticatedError) this.transport.clear(reply);
      throw error;
    }
    this.transport.clear(reply);
    return { message: 'Logged out successfully' };
  }

  @Authenticated()
  @NoBody()
  @Post('logout-all')
  @ApiOperation({ summary: 'Log out everywhere' })
  @HttpCode(200)
  @ApiOkResponse({ type: Message })
  async logoutAll(
    @CurrentUser() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    await this.sessions.logoutAll(caller);
    this.transport.clear(reply);
    return { message: 'Logged out successfully' };
  }

  @Authenticated()
  @Get('sessions')
  @ApiOperation({ summary: 'List the places where you are logged in' })
  @ApiOkResponse({ type: [SessionRead] })
  list(@CurrentUser() caller: Caller): Promise<SessionRead[]> {
    return this.sessions.list(caller);
  }

  @Authenticated()
  @Delete('sessions/:id')
  @ApiOperation({ summary: 'Log out one of these places' })
  @ApiOkResponse({ type: Message })
  @ApiProblem(404, 'Session not found')
  async delete(@Param() { id }: UuidParam, @CurrentUser() caller: Caller): Promise<Message> {
    await this.sessions.delete(id, caller);
    return { message: 'Session deleted' };
  }

  @Authenticated()
  @Post('user/me/password')
  @ApiOperation({ summary: 'Change your password' })
  @HttpCode(200)
  @ApiOkResponse({ type: Message })
  @ApiProblem(401, 'Wrong password.')
  async changePassword(@Body() dto: ChangePasswordDto, @CurrentUser() caller: Caller): Promise<Message> {
    await this.sessions.changePassword(caller, dto.current_password, dto.new_password);
    return { message: 'Password updated' };
  }
}
