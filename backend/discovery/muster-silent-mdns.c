/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-silent-mdns"

#include "config.h"

#include "muster-silent-mdns.h"

struct _MusterSilentMdns
{
  GObject  parent_instance;
  unsigned last_id;
};

static void muster_silent_mdns_iface_init (MusterMdnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterSilentMdns,
                               muster_silent_mdns,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_MDNS,
                                                      muster_silent_mdns_iface_init))

static void
muster_silent_mdns_start (MusterMdns *mdns, const char *const *types)
{
}

static DexFuture *
muster_silent_mdns_stop (MusterMdns *mdns)
{
  return dex_future_new_true ();
}

static void
muster_silent_mdns_rescan (MusterMdns *mdns)
{
}

static unsigned
muster_silent_mdns_publish (MusterMdns *mdns,
                            const char *name,
                            const char *type,
                            guint16     port,
                            MusterTxt  *txt)
{
  return ++MUSTER_SILENT_MDNS (mdns)->last_id;
}

static void
muster_silent_mdns_unpublish (MusterMdns *mdns, unsigned id)
{
}

static const char *
muster_silent_mdns_get_trouble (MusterMdns *mdns)
{
  return "looking for devices by mDNS is switched off: add them by their addresses";
}

static unsigned
muster_silent_mdns_get_n_types (MusterMdns *mdns)
{
  return 0;
}

static char **
muster_silent_mdns_list_interfaces (MusterMdns *mdns)
{
  return g_new0 (char *, 1);
}

static void
muster_silent_mdns_iface_init (MusterMdnsInterface *iface)
{
  iface->start = muster_silent_mdns_start;
  iface->stop = muster_silent_mdns_stop;
  iface->rescan = muster_silent_mdns_rescan;
  iface->publish = muster_silent_mdns_publish;
  iface->unpublish = muster_silent_mdns_unpublish;
  iface->get_trouble = muster_silent_mdns_get_trouble;
  iface->get_n_types = muster_silent_mdns_get_n_types;
  iface->list_interfaces = muster_silent_mdns_list_interfaces;
}

static void
muster_silent_mdns_class_init (MusterSilentMdnsClass *klass)
{
}

static void
muster_silent_mdns_init (MusterSilentMdns *self)
{
}

MusterMdns *
muster_silent_mdns_new (void)
{
  return g_object_new (MUSTER_TYPE_SILENT_MDNS, NULL);
}
