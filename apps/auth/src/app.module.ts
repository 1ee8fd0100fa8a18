import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { RateLimitModule } from '@repo/rate-limit';
import { ServiceModule } from '@repo/service';
import type { AuthConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { DocsModule } from './docs/docs.module.js';
import { KeysModule } from './keys/keys.module.js';
import { SigningKeys } from './keys/signing-keys.service.js';
import { RevocationsModule } from './revocations/revocations.module.js';
import { StoredRevocations } from './revocations/stored-revocations.service.js';
import { SessionsModule } from './sessions/sessions.module.js';

@Module({})
export class AppModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config, {
          auth: {
            imports: [KeysModule, RevocationsModule],
            keySource: SigningKeys,
            revocationSource: StoredRevocations,
          },
        }),
        DatabaseModule.forRoot(dataSource(config)),
        // Guessing passwords is slowed whatever the switch for the API's limits says.
        RateLimitModule.forRoot({ ...config, RATE_LIMIT_ENABLED: true }),
        SessionsModule,
        DocsModule,
      ],
    };
  }
}
