/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"

G_BEGIN_DECLS

/* The numbered steps of data/migrations, which make the tables and change them from version to
 * version. The number of the last one applied is the database's `user_version`. A released step
 * never changes, for its work stands in people's files: a change of an entity's table is a new
 * step, named in migrations.gresource.xml, with a fixture by tests/fixtures/make-database. */

/* The highest number that this version of the program knows. */
int muster_migrations_get_newest (void);
/* Of the records' file: (transfer none). */
const MusterFileFormat *muster_migrations_get_format (void);
/* Applies the steps that CONNECTION's database lacks. */
gboolean muster_migrations_apply (MusterConnection *connection, GError **error);
/* Applies one step: in a transaction of its own, NUMBER being recorded last. */
gboolean muster_migrations_apply_step (MusterConnection *connection,
                                       int               number,
                                       const char       *name,
                                       const char       *sql,
                                       GError          **error);

G_END_DECLS
