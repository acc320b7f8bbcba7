import { Logger } from '@nestjs/common';

// Runs before every file of tests that start apps in this process: what goes well is not worth a line among the results.
Logger.overrideLogger(['warn', 'error', 'fatal']);
