import { WaldurContext } from '../contexts.js';
import { Id, OptionalAmount, OptionalId, OptionalList, OptionalObject, OptionalText } from '../field-rules.js';

/** What every object of an OpenStack tenant says of itself and of where it is. */
class OpenstackContext extends WaldurContext {
  @OptionalText()
  resource_full_name?: string | null;

  @OptionalText()
  resource_type?: string | null;

  @OptionalId()
  service_settings_uuid?: string | null;

  @OptionalText()
  service_settings_name?: string | null;

  @OptionalText()
  service_settings_type?: string | null;
}

export class FloatingIpContext extends OpenstackContext {
  @Id()
  floating_ip_uuid!: string;

  @OptionalText()
  floating_ip_name?: string | null;

  @OptionalId()
  port_uuid?: string | null;

  @OptionalText()
  port_name?: string | null;

  @OptionalId()
  instance_uuid?: string | null;

  @OptionalText()
  instance_name?: string | null;
}

export class NetworkContext extends OpenstackContext {
  @Id()
  network_uuid!: string;

  @OptionalText()
  network_name?: string | null;
}

export class SubnetContext extends OpenstackContext {
  @Id()
  subnet_uuid!: string;

  @OptionalText()
  subnet_name?: string | null;

  @OptionalId()
  network_uuid?: string | null;

  @OptionalText()
  network_name?: string | null;
}

export class PortContext extends OpenstackContext {
  @Id()
  port_uuid!: string;

  @OptionalText()
  port_name?: string | null;
}

export class RouterContext extends OpenstackContext {
  @Id()
  router_uuid!: string;

  @OptionalText()
  router_name?: string | null;

  @OptionalList()
  old_routes?: readonly unknown[] | null;

  @OptionalList()
  new_routes?: readonly unknown[] | null;

  @OptionalText()
  tenant_backend_id?: string | null;

  @OptionalObject()
  changed_interface?: Record<string, unknown> | null;
}

export class SecurityGroupContext extends OpenstackContext {
  @Id()
  security_group_uuid!: string;

  @OptionalText()
  security_group_name?: string | null;
}

/** A rule is told by its group and what it allows. */
export class SecurityGroupRuleContext extends SecurityGroupContext {
  @OptionalText()
  security_group_rule_protocol?: string | null;

  @OptionalText()
  security_group_rule_from_port?: string | null;

  @OptionalText()
  security_group_rule_to_port?: string | null;

  @OptionalText()
  security_group_rule_cidr?: string | null;

  @OptionalText()
  security_group_rule_direction?: string | null;

  @OptionalText()
  security_group_rule_ethertype?: string | null;

  @OptionalText()
  security_group_rule_backend_id?: string | null;
}

export class ServerGroupContext extends OpenstackContext {
  @Id()
  server_group_uuid!: string;

  @OptionalText()
  server_group_name?: string | null;
}

export class TenantQuotaContext extends OpenstackContext {
  @Id()
  tenant_uuid!: string;

  @OptionalText()
  tenant_name?: string | null;

  @OptionalText()
  quota_name?: string | null;

  @OptionalAmount()
  limit?: number | string | null;

  @OptionalAmount()
  old_limit?: number | string | null;
}
