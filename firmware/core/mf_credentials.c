/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_credentials.h"
#include "mf_proto.h"
#include "mf_text.h"

enum
{
  ADOPTION_ID = 1,
  SITE_NAME = 2,
  BROKER_HOSTS = 3,
  BROKER_PORT = 4,
  USERNAME = 5,
  PASSWORD = 6,
  CA_CERTIFICATE = 7,
  GROUP_ID = 8,
  HOST_ID = 9,
  TIME_MS = 10,
  TLS_NAME = 11,
};

static const char *
take_text (char *out, size_t size, struct mf_bytes text, const char *trouble)
{
  return mf_text_copy (out, size, text) ? NULL : trouble;
}

static const char *
take_host (struct mf_credentials *self, struct mf_bytes text)
{
  if (self->n_hosts == MF_CREDENTIALS_HOSTS)
    return NULL;
  return take_text (self->hosts[self->n_hosts++], sizeof self->hosts[0], text,
                    "broker_hosts: too long");
}

static const char *
take_ca (struct mf_credentials *self, struct mf_bytes der)
{
  if (der.size > sizeof self->ca)
    return "ca_certificate: no space left for it";
  if (der.size > 0)
    memcpy (self->ca, der.data, der.size);
  self->ca_size = der.size;
  return NULL;
}

static const char *
take_bytes_field (struct mf_credentials *self, const struct mf_field *field)
{
  switch (field->number)
    {
    case ADOPTION_ID:
      return take_text (self->adoption_id, sizeof self->adoption_id, field->bytes,
                        "adoption_id: too long");
    case SITE_NAME:
      /* Only shown: better none than no adoption. */
      mf_text_copy (self->site_name, sizeof self->site_name, field->bytes);
      return NULL;
    case BROKER_HOSTS:
      return take_host (self, field->bytes);
    case USERNAME:
      return take_text (self->username, sizeof self->username, field->bytes, "username: too long");
    case PASSWORD:
      return take_text (self->password, sizeof self->password, field->bytes, "password: too long");
    case CA_CERTIFICATE:
      return take_ca (self, field->bytes);
    case GROUP_ID:
      return take_text (self->group_id, sizeof self->group_id, field->bytes, "group_id: too long");
    case HOST_ID:
      return take_text (self->host_id, sizeof self->host_id, field->bytes, "host_id: too long");
    case TLS_NAME:
      return take_text (self->tls_name, sizeof self->tls_name, field->bytes, "tls_name: too long");
    default:
      return NULL;
    }
}

static const char *
take_number (struct mf_credentials *self, const struct mf_field *field)
{
  if (field->number == TIME_MS)
    self->time_ms = field->value;
  else if (field->number == BROKER_PORT && (field->value == 0 || field->value > UINT16_MAX))
    return "broker_port: must be 1 to 65535";
  else if (field->number == BROKER_PORT)
    self->port = (uint16_t)field->value;
  return NULL;
}

static const char *
check (const struct mf_credentials *self)
{
  if (self->adoption_id[0] == '\0')
    return "adoption_id: missing";
  if (self->n_hosts == 0 || self->hosts[0][0] == '\0')
    return "broker_hosts: missing";
  if (self->port == 0)
    return "broker_port: missing";
  if (!mf_text_is_topic_level (self->username))
    return "username: missing, or holds + / or #";
  if (self->password[0] == '\0')
    return "password: missing";
  if (self->ca_size == 0)
    return "ca_certificate: missing";
  if (!mf_text_is_topic_level (self->group_id))
    return "group_id: missing, or holds + / or #";
  if (self->host_id[0] != '\0' && !mf_text_is_topic_level (self->host_id))
    return "host_id: holds + / or #";
  return NULL;
}

const char *
mf_credentials_read (struct mf_credentials *self, struct mf_bytes bytes)
{
  const char      *trouble = NULL;
  struct mf_reader reader;
  struct mf_field  field;

  memset (self, 0, sizeof *self);
  mf_reader_init (&reader, bytes);
  while (trouble == NULL && mf_read (&reader, &field))
    {
      if (field.wire == MF_WIRE_BYTES)
        trouble = take_bytes_field (self, &field);
      else if (field.wire == MF_WIRE_VARINT)
        trouble = take_number (self, &field);
    }
  if (trouble == NULL && reader.broken)
    trouble = "credentials: malformed";
  return trouble != NULL ? trouble : check (self);
}
