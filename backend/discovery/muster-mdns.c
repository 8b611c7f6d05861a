/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mdns"

#include "config.h"

#include <string.h>

#include "muster-mdns.h"

G_DEFINE_INTERFACE (MusterMdns, muster_mdns, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_FOUND,
  SIGNAL_REMOVED,
  SIGNAL_PUBLISHED,
  SIGNAL_CHANGED,
} MusterMdnsSignal;

static guint signals[SIGNAL_CHANGED + 1];

static guint
add_signal (const char *name, unsigned n_types, GType first, GType second)
{
  return g_signal_new (name, MUSTER_TYPE_MDNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       n_types, first, second);
}

static void
muster_mdns_default_init (MusterMdnsInterface *iface)
{
  signals[SIGNAL_FOUND] = add_signal ("found", 1, MUSTER_TYPE_MDNS_RECORD, G_TYPE_NONE);
  signals[SIGNAL_REMOVED] = add_signal ("removed", 1, MUSTER_TYPE_MDNS_RECORD, G_TYPE_NONE);
  signals[SIGNAL_PUBLISHED] = add_signal ("published", 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_CHANGED] = add_signal ("changed", 0, G_TYPE_NONE, G_TYPE_NONE);
}

void
muster_mdns_start (MusterMdns *self, const char *const *types)
{
  g_return_if_fail (MUSTER_IS_MDNS (self));
  g_return_if_fail (types != NULL);

  MUSTER_MDNS_GET_IFACE (self)->start (self, types);
}

DexFuture *
muster_mdns_stop (MusterMdns *self)
{
  g_return_val_if_fail (MUSTER_IS_MDNS (self), NULL);

  return MUSTER_MDNS_GET_IFACE (self)->stop (self);
}

void
muster_mdns_rescan (MusterMdns *self)
{
  g_return_if_fail (MUSTER_IS_MDNS (self));

  MUSTER_MDNS_GET_IFACE (self)->rescan (self);
}

unsigned
muster_mdns_publish (MusterMdns *self,
                     const char *name,
                     const char *type,
                     guint16     port,
                     MusterTxt  *txt)
{
  g_return_val_if_fail (MUSTER_IS_MDNS (self), 0);
  g_return_val_if_fail (name != NULL && *name != '\0', 0);
  g_return_val_if_fail (muster_mdns_type_is_valid (type), 0);
  g_return_val_if_fail (port > 0, 0);

  return MUSTER_MDNS_GET_IFACE (self)->publish (self, name, type, port, txt);
}

void
muster_mdns_unpublish (MusterMdns *self, unsigned id)
{
  g_return_if_fail (MUSTER_IS_MDNS (self));

  MUSTER_MDNS_GET_IFACE (self)->unpublish (self, id);
}

const char *
muster_mdns_get_trouble (MusterMdns *self)
{
  g_return_val_if_fail (MUSTER_IS_MDNS (self), NULL);

  return MUSTER_MDNS_GET_IFACE (self)->get_trouble (self);
}

unsigned
muster_mdns_get_n_types (MusterMdns *self)
{
  g_return_val_if_fail (MUSTER_IS_MDNS (self), 0);

  return MUSTER_MDNS_GET_IFACE (self)->get_n_types (self);
}

char **
muster_mdns_list_interfaces (MusterMdns *self)
{
  g_return_val_if_fail (MUSTER_IS_MDNS (self), NULL);

  return MUSTER_MDNS_GET_IFACE (self)->list_interfaces (self);
}

void
muster_mdns_emit_found (MusterMdns *self, MusterMdnsRecord *record)
{
  g_signal_emit (self, signals[SIGNAL_FOUND], 0, record);
}

void
muster_mdns_emit_removed (MusterMdns *self, MusterMdnsRecord *record)
{
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, record);
}

void
muster_mdns_emit_published (MusterMdns *self, unsigned id, const char *name)
{
  g_signal_emit (self, signals[SIGNAL_PUBLISHED], 0, id, name);
}

void
muster_mdns_emit_changed (MusterMdns *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
muster_mdns_type_is_valid (const char *type)
{
  const char *end;

  if (type == NULL || type[0] != '_')
    return FALSE;
  end = type + 1 +
        strspn (type + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
  /* RFC 6763 allows 15 characters; longer ones are in use. */
  return end > type + 1 && end - type <= 32 &&
         (strcmp (end, "._tcp") == 0 || strcmp (end, "._udp") == 0);
}
