/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-test-util"

#include "config.h"

#include <string.h>

#include "muster-discovery-test-util.h"

MusterMdnsRecord *
muster_test_record (const char *type,
                    const char *name,
                    const char *host,
                    const char *address,
                    guint16     port,
                    const char *txt)
{
  g_autoptr (MusterTxt) members = muster_txt_new ();
  g_auto (GStrv) parts = g_strsplit (txt != NULL ? txt : "", ";", -1);

  for (unsigned i = 0; parts[i] != NULL; i++)
    muster_txt_add (members, (const guint8 *)parts[i], strlen (parts[i]));
  return muster_mdns_record_new (type, name, "local", 2, 4, host, address, port, members);
}
