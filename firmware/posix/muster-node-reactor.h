/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Watches thousands of file descriptors by one epoll instance, itself one source of the default
 * main context: the cost of an event does not grow with the number of nodes. */
typedef struct _MusterNodeReactor MusterNodeReactor;

/* `events` are those of epoll: EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP. */
typedef void (*MusterNodeReady) (guint events, gpointer user_data);

/* Stands in the struct of who watches; all zero = watches nothing. */
typedef struct
{
  int             fd; /* not owned */
  guint           events;
  MusterNodeReady ready;
  gpointer        user_data;
} MusterNodeWatch;

MusterNodeReactor *muster_node_reactor_new (void);
void               muster_node_reactor_free (MusterNodeReactor *self);

/* Watches `fd`, or changes what it is watched for. */
void muster_node_reactor_watch (MusterNodeReactor *self,
                                MusterNodeWatch   *watch,
                                int                fd,
                                guint              events,
                                MusterNodeReady    ready,
                                gpointer           user_data);

/* To be called before the descriptor is closed; pending events are dropped. */
void muster_node_reactor_unwatch (MusterNodeReactor *self, MusterNodeWatch *watch);

/* The same where somebody else has closed the descriptor already. */
void muster_node_reactor_forget (MusterNodeReactor *self, MusterNodeWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeReactor, muster_node_reactor_free)

G_END_DECLS
