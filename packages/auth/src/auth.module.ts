import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuthGuard } from './auth.guard.js';
import { KeySet } from './key-set.js';
import { KeySource, RemoteKeySource } from './key-source.js';
import { RemoteRevocationSource, RevocationSource } from './revocation-source.js';
import { Revocations } from './revocations.js';
import { TokenVerifier } from './token-verifier.js';

interface AuthOptions {
  /** Sources of the auth service, which has both in its schema. By default both are requested from it. */
  keySource?: Type<KeySource>;
  revocationSource?: Type<RevocationSource>;
  imports?: ModuleMetadata['imports'];
}

/** Provides the verification of access tokens. */
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
        Revocations,
        TokenVerifier,
        keySource
          ? { provide: KeySource, useExisting: keySource }
          : { provide: KeySource, useClass: RemoteKeySource },
        revocationSource
          ? { provide: RevocationSource, useExisting: revocationSource }
          : { provide: RevocationSource, useClass: RemoteRevocationSource },
      ],
      exports: [AuthGuard, Revocations, TokenVerifier],
    };
  }
}
