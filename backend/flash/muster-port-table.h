/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What is done at a port. */
typedef enum
{
  MUSTER_PORT_WRITTEN, /* a board is given firmware for its own sake */
  MUSTER_PORT_MADE,    /* a unit of a batch is made */
  MUSTER_PORT_TESTED,  /* a test plan runs alone */
} MusterPortUse;

/**
 * MusterPortTable:
 *
 * Who has which port of the daemon's machine: a port has one holder at a time, whichever room it is
 * of. Names of the same port (a link below /dev/serial and what it points to; `net:` and `tcp:`
 * with the same HOST:PORT) count as one. Signal `freed ()`: a port has no holder any more.
 */
#define MUSTER_TYPE_PORT_TABLE (muster_port_table_get_type ())
G_DECLARE_FINAL_TYPE (MusterPortTable, muster_port_table, MUSTER, PORT_TABLE, GObject)

MusterPortTable *muster_port_table_new (void);

/* HOLDER, the id of a record, has PORT until it is released as often as it was claimed; NAME is
 * what people call what is done there. FALSE: another has it. */
gboolean muster_port_table_claim (MusterPortTable *self,
                                  const char      *port,
                                  MusterPortUse    use,
                                  const char      *holder,
                                  const char      *name);
/* Nothing, where HOLDER has not got it. */
void muster_port_table_release (MusterPortTable *self, const char *port, const char *holder);
/* Who has PORT, as a phrase: "“Friday” makes a unit there"; NULL: nobody. (transfer full) */
char *muster_port_table_describe (MusterPortTable *self, const char *port);
/* Whether ONE and OTHER are names of the same port. */
gboolean muster_port_is_same (const char *one, const char *other);
/* The id of who has PORT, or NULL. */
const char *muster_port_table_get_holder (MusterPortTable *self, const char *port);
/* The ports that are held, as they were claimed first: (transfer full), up to NULL. */
char **muster_port_table_list (MusterPortTable *self);

G_END_DECLS
