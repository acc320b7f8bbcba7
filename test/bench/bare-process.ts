import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

let body = '';

@Controller('api/events')
class BareController {
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  list(): Promise<string> {
    return Promise.resolve(body);
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.once('message', (given) => {
  body = String(given);
  void serve();
});

async function serve(): Promise<void> {
  const adapter = new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } });
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  process.send?.(await app.getUrl());
}
