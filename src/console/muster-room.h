/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* Who a room is for, beside the right that it takes. */
typedef enum
{
  MUSTER_ROOM_FOR_STAFF,
  MUSTER_ROOM_FOR_CUSTOMERS, /* who order for themselves, and see what is theirs */
  MUSTER_ROOM_FOR_ALL,
} MusterRoomAudience;

/* A room of the console: an entry of the sidebar and the page at the bottom of its stack. */
typedef struct
{
  const char *name;
  const char *title; /* N_() marked */
  const char *icon_name;
  gboolean    below; /* stands apart at the end: about the console rather than the site */
  GType (*get_page_type) (void); /* a MusterPage */
  const char *operation; /* without the right to it the room is not there, NULL: it always is */
  MusterRoomAudience audience;
} MusterRoom;

/* A kind of record that can be opened by its id, from the finder, by a scan, or from History. */
typedef struct
{
  const char *kind; /* the entity's name: "device" */
  const char *room; /* where its page opens */
  /* (transfer floating): the page of the record ID, on top of the room's own; or NULL: */
  MusterPage *(*create_page) (MusterSession *session, const char *id);
  /* the room's own page shows it */
  void (*show) (MusterPage *page, const char *id);
} MusterRoomKind;

/* (nullable) */
const MusterRoomKind *muster_rooms_find_kind (const char *kind);

/* Whether the person at this console has use for the room and may enter it. */
gboolean muster_room_is_there (const MusterRoom *self, MusterSession *session);

/* The rooms in their order: (array length=n_rooms). */
const MusterRoom *muster_rooms_list (unsigned *n_rooms);

G_END_DECLS
