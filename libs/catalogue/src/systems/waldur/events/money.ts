import { CustomerContext } from '../contexts.js';
import { family } from '../families.js';
import { OptionalAmount, OptionalId, OptionalInteger, OptionalText } from '../field-rules.js';
import { CUSTOMER, PROJECT, STAFF } from './people.js';

/** What a customer, or one of its projects, may still consume. */
export class CreditContext extends CustomerContext {
  @OptionalAmount()
  consumption?: number | string | null;

  @OptionalAmount()
  minimal_consumption?: number | string | null;

  @OptionalAmount()
  credit_balance?: number | string | null;

  @OptionalAmount()
  project_credit_balance?: number | string | null;

  @OptionalAmount()
  old_value?: number | string | null;

  @OptionalAmount()
  new_value?: number | string | null;

  /** The name of the item that was compensated. */
  @OptionalText()
  invoice_item?: string | null;

  @OptionalText()
  credit_end_date?: string | null;
}

export class AllowedOfferingsContext extends CustomerContext {
  /** Names, separated by commas. */
  @OptionalText()
  old_offerings?: string | null;

  @OptionalText()
  new_offerings?: string | null;
}

/** Older versions say the customer and the month of an invoice, but not its id. */
export class InvoiceContext extends CustomerContext {
  @OptionalId()
  invoice_uuid?: string | null;

  @OptionalText()
  invoice_name?: string | null;

  @OptionalInteger()
  month?: number | null;

  @OptionalInteger()
  year?: number | null;
}

export class InvoiceItemContext extends InvoiceContext {
  @OptionalId()
  invoice_item_uuid?: string | null;

  @OptionalText()
  invoice_item_name?: string | null;
}

/** A payment has no id in the event, and is not always for an invoice. */
export class PaymentContext extends InvoiceContext {
  @OptionalAmount()
  amount?: number | string | null;
}

const CREDIT_GROUPS = ['credits', 'customers', 'invoices'] as const;

const customerCredit = {
  entity: 'The credit of a customer',
  groups: CREDIT_GROUPS,
  subject: ['context.customer_uuid'],
  names: ['context.customer_name'],
  context: CreditContext,
} as const;

const projectCredit = {
  entity: 'The credit of a project',
  groups: CREDIT_GROUPS,
  subject: ['context.project_uuid'],
  names: ['context.project_name', 'context.customer_name'],
  context: CreditContext,
} as const;

const customerConsumption = family({
  ...customerCredit,
  example: { ...CUSTOMER, consumption: '125.50', minimal_consumption: '200.00', credit_balance: 4874 },
});

const customerCreditChange = family({
  ...customerCredit,
  example: { ...STAFF, ...CUSTOMER, old_value: 5000, new_value: 8000 },
});

const projectConsumption = family({
  ...projectCredit,
  example: { ...PROJECT, consumption: '25.00', credit_balance: 4874, project_credit_balance: 975 },
});

const projectCreditChange = family({
  ...projectCredit,
  example: { ...STAFF, ...PROJECT, old_value: 975, new_value: 1000 },
});

const allowedOfferings = family({
  entity: "The offerings that a customer's credit is for",
  groups: CREDIT_GROUPS,
  subject: ['context.customer_uuid'],
  names: ['context.customer_name'],
  context: AllowedOfferingsContext,
  example: { ...STAFF, ...CUSTOMER, old_offerings: 'none', new_offerings: 'HPC North, Cold storage' },
});

const invoice = family({
  entity: 'An invoice',
  groups: ['invoices'],
  subject: ['context.invoice_uuid', '{context.customer_uuid}/{context.year}-{context.month}'],
  names: ['{context.customer_name}, {context.year}-{context.month}', 'context.customer_name'],
  context: InvoiceContext,
  example: { ...CUSTOMER, month: 11, year: 2026, invoice_uuid: 'cb80142c81e84a41a64f74fea5b5c578' },
});

const invoiceItem = family({
  entity: 'An invoice item',
  groups: ['invoices'],
  subject: ['context.invoice_item_uuid', 'context.invoice_uuid'],
  names: ['context.invoice_item_name', 'context.customer_name'],
  context: InvoiceItemContext,
  example: {
    ...CUSTOMER,
    invoice_item_uuid: '2b7e4c9d1f6a4b8c9d0e5f3a7c1b6d42',
    invoice_item_name: 'HPC North / Standard / CPU hours',
    invoice_uuid: 'cb80142c81e84a41a64f74fea5b5c578',
    month: 11,
    year: 2026,
  },
});

const payment = {
  entity: 'A payment of a customer',
  subject: ['context.customer_uuid'],
  names: ['context.customer_name'],
  context: PaymentContext,
} as const;

const entered = family({
  ...payment,
  groups: ['customers'],
  example: { ...STAFF, ...CUSTOMER, amount: '1200.00' },
});

const linked = family({
  ...payment,
  groups: ['invoices'],
  example: { ...STAFF, ...CUSTOMER, month: 11, year: 2026, invoice_uuid: 'cb80142c81e84a41a64f74fea5b5c578' },
});

// Waldur says the same of a payment that is deleted and of one that is taken from its invoice.
const removed = family({
  ...payment,
  groups: ['invoices', 'customers'],
  example: { ...STAFF, ...CUSTOMER, amount: '1200.00', invoice_uuid: 'cb80142c81e84a41a64f74fea5b5c578' },
});

export const moneyEvents = {
  allowed_offerings_have_been_updated: allowedOfferings('were changed'),
  automatic_credit_adjustment: customerCreditChange('was adjusted automatically'),
  create_of_credit_by_staff: customerCreditChange('was set up by staff'),
  reduction_of_customer_credit: customerConsumption('was reduced'),
  reduction_of_customer_credit_due_to_minimal_consumption: customerConsumption(
    'was reduced to the minimal consumption',
  ),
  reduction_of_customer_expected_consumption: customerConsumption('is expected to be consumed more slowly'),
  reduction_of_project_credit: projectConsumption('was reduced'),
  reduction_of_project_credit_due_to_minimal_consumption: projectConsumption('was reduced to the minimal consumption'),
  reduction_of_project_expected_consumption: projectConsumption('is expected to be consumed more slowly'),
  roll_back_customer_credit: customerCreditChange('was rolled back'),
  roll_back_project_credit: projectCreditChange('was rolled back'),
  set_to_zero_overdue_credit: customerCreditChange('has expired and was set to zero'),
  update_of_credit_by_staff: customerCreditChange('was changed by staff'),

  invoice_canceled: invoice('was cancelled', 'cancelled'),
  invoice_created: invoice('was issued'),
  invoice_paid: invoice('was paid'),
  invoice_item_created: invoiceItem('was added'),
  invoice_item_deleted: invoiceItem('was deleted'),
  invoice_item_updated: invoiceItem('was changed'),

  payment_added: entered('was entered'),
  payment_created: linked('was linked to an invoice'),
  payment_removed: removed('was removed'),
};
