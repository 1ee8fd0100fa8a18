import { Module } from '@nestjs/common';
import { UsersClient } from './users.client.js';

@Module({ providers: [UsersClient], exports: [UsersClient] })
export class UsersModule {}
