/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One blocking HTTP/1.1 connection that is kept alive, as lean as a sender can be: what it costs is
 * taken from the server that is measured beside it. One thread at a time. */
typedef struct _BenchConnection BenchConnection;

/* ADDRESS: "unix:PATH", "http://HOST:PORT" or "https://HOST:PORT" (whatever its certificate).
 * HEADERS (nullable) are sent with each request, each line ended by CR LF. */
BenchConnection *bench_connection_new (const char *address, const char *headers, GError **error);
void             bench_connection_free (BenchConnection *self);

/* The status of the answer, 0 with ERROR where none came. */
int bench_connection_exchange (BenchConnection *self,
                               const char      *method,
                               const char      *target,
                               gconstpointer    body,
                               gsize            length,
                               GError         **error);
/* The body of the last answer, until the next request. */
const GString *bench_connection_get_answer (BenchConnection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchConnection, bench_connection_free)

G_END_DECLS
