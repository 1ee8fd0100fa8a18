import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { RateLimitModule } from '@repo/rate-limit';
import { ServiceModule } from '@repo/service';
import type { AuthConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';
import { DocsModule } from './docs/docs.module.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { SigningKeysService } from './signing-keys/signing-keys.service.js';
import { RevocationsModule } from './revocations/revocations.module.js';
import { RevocationsService } from './revocations/revocations.service.js';
import { SessionsModule } from './sessions/sessions.module.js';

@Module({})
export class AppModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config, {
          auth: {
            imports: [SigningKeysModule, RevocationsModule],
            keySource: SigningKeysService,
            revocationSource: RevocationsService,
          },
        }),
        DatabaseModule.forRoot(dataSource(config)),
        // Failed logins are limited even when the limits of the API are disabled.
        RateLimitModule.forRoot({ ...config, RATE_LIMIT_ENABLED: true }),
        SessionsModule,
        DocsModule,
      ],
    };
  }
}
