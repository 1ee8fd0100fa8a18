// NestJS on Fastify with TypeORM, validation and cache as its documentation shows them: node stock-nest.js <port>
import 'reflect-metadata';
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Module, Param, UseInterceptors, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Type } from 'class-transformer';
import { IsInt } from 'class-validator';
import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  PrimaryGeneratedColumn,
  type Repository,
  UpdateDateColumn,
} from 'typeorm';

@Entity({ schema: 'users', name: 'users' })
class User {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @Column() username: string;
  @Column() email: string;
  @Column({ name: 'password_hash' }) passwordHash: string;
  @Column({ name: 'profile_image_url' }) profileImageUrl: string;
  @Column({ name: 'is_superuser' }) isSuperuser: boolean;
  @Column({ name: 'tier_id', type: 'int', nullable: true }) tierId: number | null;
  @Column() version: number;
  @CreateDateColumn({ name: 'created_at' }) createdAt: Date;
  @UpdateDateColumn({ name: 'updated_at' }) updatedAt: Date;
  @DeleteDateColumn({ name: 'deleted_at' }) deletedAt: Date | null;
}

class UserParam {
  @Type(() => Number)
  @IsInt()
  id: number;
}

@Controller()
class UsersController {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  @Get('user/:id')
  async get(@Param() { id }: UserParam) {
    const user = await this.users.findOneByOrFail({ id });
    const { name, username, email, profileImageUrl, tierId } = user;
    return { id, name, username, profile_image_url: profileImageUrl, tier_id: tierId, email };
  }

  @UseInterceptors(CacheInterceptor)
  @Get('cached-user/:id')
  getCached(@Param() param: UserParam) {
    return this.get(param);
  }
}

const { PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD } = process.env;

@Module({
  imports: [
    CacheModule.register({ ttl: 3_600_000 }),
    TypeOrmModule.forRoot({
      ...{ type: 'postgres', host: PGHOST, port: Number(PGPORT), database: PGDATABASE },
      ...{ username: PGUSER, password: PGPASSWORD, entities: [User] },
    }),
    TypeOrmModule.forFeature([User]),
  ],
  controllers: [UsersController],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
app.useGlobalPipes(new ValidationPipe({ transform: true }));
await app.listen(Number(process.argv[2]), '127.0.0.1');
