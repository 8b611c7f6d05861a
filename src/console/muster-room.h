/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A room of the console: an entry of the sidebar and the page at the bottom of its stack. */
typedef struct
{
  const char *name;
  const char *title; /* N_() marked */
  const char *icon_name;
  gboolean    below; /* stands apart at the end: about the console rather than the site */
  GType (*get_page_type) (void); /* a MusterPage */
} MusterRoom;

/* The rooms in their order: (array length=n_rooms). */
const MusterRoom *muster_rooms_list (unsigned *n_rooms);

G_END_DECLS
