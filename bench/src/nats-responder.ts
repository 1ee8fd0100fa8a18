// A service that only responds to a request over NATS: node nats-responder.js <NATS URL>
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { GetUser, type UserSnapshot } from '@repo/contracts';
import { NatsClient, NatsTransport, OnRequest } from '@repo/messaging';
import { ErrorFilter, ValidationPipe } from '@repo/service';

@Controller()
class Responder {
  @OnRequest('users.get-user')
  get(@Payload() { id }: GetUser): UserSnapshot {
    return { id, username: 'userson', isSuperuser: false, tierId: null, deleted: false, version: 1 };
  }
}

@Module({ controllers: [Responder] })
class ResponderModule {}

const nats = new NatsClient({ service: 'users', url: process.argv[2]! });
// Without events the transport uses neither the other replicas nor dead letters.
const strategy = new NatsTransport(nats, {} as never, { events: [] } as never, {} as never);
const app = await NestFactory.createMicroservice(ResponderModule, { strategy, logger: false });
app.useGlobalPipes(new ValidationPipe());
app.useGlobalFilters(new ErrorFilter());
nats.start();
await app.listen();
