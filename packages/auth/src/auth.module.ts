import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuthGuard } from './auth.guard.js';
import { KeySet } from './key-set.js';
import { KeySource } from './key-source.js';
import { RevocationSource } from './revocation-source.js';
import { Revocations } from './revocations.js';
import { TokenVerifier } from './token-verifier.js';

export interface AuthOptions {
  /** Sources of the auth service, which has both in its schema. By default both are requested from it. */
  keySource?: Type<Pick<KeySource, 'load'>>;
  revocationSource?: Type<Pick<RevocationSource, 'list'>>;
  imports?: ModuleMetadata['imports'];
}

@Module({})
export class AuthModule {
  static forRoot({ keySource, revocationSource, imports = [] }: AuthOptions = {}): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [JwtModule.register({}), ...imports],
      providers: [
        AuthGuard,
        KeySet,
        keySource ? { provide: KeySource, useExisting: keySource } : KeySource,
        Revocations,
        revocationSource ? { provide: RevocationSource, useExisting: revocationSource } : RevocationSource,
        TokenVerifier,
      ],
      exports: [AuthGuard, Revocations, TokenVerifier],
    };
  }
}
