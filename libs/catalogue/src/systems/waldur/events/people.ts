/** Who and what the examples are about. */
export const STAFF = {
  user_uuid: '6e704245a4ff41e3a7949b80dcb0b82e',
  user_username: 'staff',
  user_full_name: 'Site staff',
  user_native_name: '',
  ip_address: '192.0.2.8',
} as const;

export const MEMBER = {
  user_uuid: '3b041641178844f2a60df25453fe2e85',
  user_username: 'aino',
  user_full_name: 'Aino Mägi',
  user_native_name: '',
  ip_address: '192.0.2.184',
} as const;

export const AFFECTED_MEMBER = {
  affected_user_uuid: MEMBER.user_uuid,
  affected_user_username: MEMBER.user_username,
  affected_user_full_name: MEMBER.user_full_name,
} as const;

export const CUSTOMER = {
  customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9',
  customer_name: 'University of Tartu',
  customer_abbreviation: 'UT',
} as const;

export const PROJECT = {
  project_uuid: '59ba1b0d5c904158a909406c2e416788',
  project_name: 'Genome pipeline',
  ...CUSTOMER,
} as const;

export const OFFERING = {
  offering_uuid: 'c542876783f74bb28146591914c7fc1c',
  offering_name: 'HPC North',
} as const;

export const PLAN = { plan_uuid: '1f0c9d6a7b8e4c5f9a2d3e4f5a6b7c8d', plan_name: 'Standard' } as const;

export const SERVICE = {
  service_settings_uuid: 'd0b2f6e17c4a4d7e8b1f9a6c3e5d7f90',
  service_settings_name: 'cloud-north',
  service_settings_type: 'OpenStack',
} as const;
