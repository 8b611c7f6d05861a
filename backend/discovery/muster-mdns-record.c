/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mdns-record"

#include "config.h"

#include <string.h>

#include "muster-mdns-record.h"

#define MAX_LABEL 63 /* RFC 1035: bytes of one label; an instance name is one */
#define MAX_NAME 255 /* RFC 1035: bytes of a whole name */

G_DEFINE_BOXED_TYPE (MusterMdnsRecord,
                     muster_mdns_record,
                     muster_mdns_record_ref,
                     muster_mdns_record_unref)

/* Valid UTF-8 of at most MAX bytes, cut at a character. */
static char *
clean (const char *text, gsize max)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  const char      *end = valid + MIN (strlen (valid), max);

  while (end > valid && (*end & 0xc0) == 0x80)
    end--;
  return g_strndup (valid, end - valid);
}

MusterMdnsRecord *
muster_mdns_record_new (const char *type,
                        const char *name,
                        const char *domain,
                        int         interface,
                        int         protocol,
                        const char *host,
                        const char *address,
                        guint16     port,
                        MusterTxt  *txt)
{
  MusterMdnsRecord *self = g_atomic_rc_box_new0 (MusterMdnsRecord);

  self->type = clean (type, MAX_NAME);
  self->name = clean (name, MAX_LABEL);
  self->domain = clean (domain, MAX_NAME);
  self->interface = interface;
  self->protocol = protocol;
  self->host = clean (host, MAX_NAME);
  self->address = address != NULL ? clean (address, MAX_NAME) : NULL;
  self->port = port;
  self->txt = txt != NULL ? muster_txt_ref (txt) : muster_txt_new ();
  return self;
}

MusterMdnsRecord *
muster_mdns_record_new_asked (const char *type,
                              const char *name,
                              const char *host,
                              const char *address,
                              guint16     port,
                              MusterTxt  *txt)
{
  MusterMdnsRecord *self = muster_mdns_record_new (type, name, "", -1, 0, host, address, port, txt);

  self->source = MUSTER_MDNS_ASKED;
  return self;
}

MusterMdnsRecord *
muster_mdns_record_new_told (const char *type,
                             const char *name,
                             const char *address,
                             MusterTxt  *txt)
{
  MusterMdnsRecord *self = muster_mdns_record_new (type, "", "", -1, 0, "", address, 0, txt);

  self->source = MUSTER_MDNS_TOLD;
  /* No label of a domain: families give longer names. */
  g_free (self->name);
  self->name = clean (name, MAX_NAME);
  return self;
}

MusterMdnsRecord *
muster_mdns_record_ref (MusterMdnsRecord *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
muster_mdns_record_clear (gpointer data)
{
  MusterMdnsRecord *self = data;

  g_free (self->type);
  g_free (self->name);
  g_free (self->domain);
  g_free (self->host);
  g_free (self->address);
  muster_txt_unref (self->txt);
}

void
muster_mdns_record_unref (MusterMdnsRecord *self)
{
  g_atomic_rc_box_release_full (self, muster_mdns_record_clear);
}

guint
muster_mdns_record_hash (gconstpointer record)
{
  const MusterMdnsRecord *self = record;

  return g_str_hash (self->type) * 31 + g_str_hash (self->name) * 7 + (guint)self->interface * 3 +
         (guint)self->protocol;
}

gboolean
muster_mdns_record_same (gconstpointer a, gconstpointer b)
{
  const MusterMdnsRecord *x = a;
  const MusterMdnsRecord *y = b;

  if (x->source != y->source || x->interface != y->interface || x->protocol != y->protocol)
    return FALSE;
  if (strcmp (x->type, y->type) != 0 || strcmp (x->name, y->name) != 0 ||
      strcmp (x->domain, y->domain) != 0)
    return FALSE;
  /* Two things that were asked at two addresses may call themselves the same. */
  return x->source == MUSTER_MDNS_ANNOUNCED || strcmp (x->host, y->host) == 0;
}

gboolean
muster_mdns_record_equal (MusterMdnsRecord *a, MusterMdnsRecord *b)
{
  return muster_mdns_record_same (a, b) && a->port == b->port && strcmp (a->host, b->host) == 0 &&
         g_strcmp0 (a->address, b->address) == 0 && muster_txt_equal (a->txt, b->txt);
}

char *
muster_format_endpoint (const char *address, guint16 port)
{
  g_return_val_if_fail (address != NULL, NULL);

  return g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, port);
}
