import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '@tidings/access';
import { HttpApplicationHost } from '@tidings/runtime';
import { apiDocument, type ApiDocument } from './document.js';
import { documentPage } from './document-page.js';
import { PAGE_HEADERS } from './html-page.js';

/** `GET /docs` for people and `GET /docs/openapi.json` for programs: what the API is, which is no secret. */
@Controller('docs')
@Public()
export class DocumentController {
  private made: ApiDocument | undefined;

  constructor(private readonly host: HttpApplicationHost) {}

  @Get()
  @Header('content-type', PAGE_HEADERS['content-type'])
  @Header('content-security-policy', PAGE_HEADERS['content-security-policy'])
  page(): string {
    return documentPage(this.document());
  }

  @Get('openapi.json')
  document(): ApiDocument {
    return (this.made ??= apiDocument(this.host.app));
  }
}
