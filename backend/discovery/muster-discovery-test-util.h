/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns-record.h"

G_BEGIN_DECLS

/* An announcement over IPv4 on interface 2. TXT: "key=value;key=value", or NULL. */
MusterMdnsRecord *muster_test_record (const char *type,
                                      const char *name,
                                      const char *host,
                                      const char *address,
                                      guint16     port,
                                      const char *txt);

G_END_DECLS
