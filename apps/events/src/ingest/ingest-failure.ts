import { Injectable } from '@nestjs/common';

/** Carries word that the ingest cannot go on to whoever runs the process, which then ends and is started anew. */
@Injectable()
export class IngestFailure {
  private listener: ((error: Error) => void) | undefined;

  onRaise(listener: (error: Error) => void): void {
    this.listener = listener;
  }

  raise(error: Error): void {
    if (this.listener === undefined) throw error;
    this.listener(error);
  }
}
