/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-reactor"

#include "config.h"

#include <sys/epoll.h>

#include <glib-unix.h>
#include <glib/gstdio.h>

#include "muster-node-reactor.h"

#define BATCH 128

struct _MusterNodeReactor
{
  int                epoll;
  guint              source;
  struct epoll_event batch[BATCH];
  int                n_batch;
};

static gboolean
muster_node_reactor_dispatch_cb (int fd, GIOCondition condition, gpointer user_data)
{
  MusterNodeReactor *self = user_data;

  self->n_batch = epoll_wait (self->epoll, self->batch, BATCH, 0);
  for (int i = 0; i < self->n_batch; i++)
    {
      MusterNodeWatch *watch = self->batch[i].data.ptr;

      if (watch != NULL)
        watch->ready (self->batch[i].events, watch->user_data);
    }
  self->n_batch = 0;
  return G_SOURCE_CONTINUE;
}

MusterNodeReactor *
muster_node_reactor_new (void)
{
  MusterNodeReactor *self = g_new0 (MusterNodeReactor, 1);

  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    g_error ("epoll: %s", g_strerror (errno));
  self->source = g_unix_fd_add (self->epoll, G_IO_IN, muster_node_reactor_dispatch_cb, self);
  return self;
}

void
muster_node_reactor_free (MusterNodeReactor *self)
{
  g_source_remove (self->source);
  g_close (self->epoll, NULL);
  g_free (self);
}

void
muster_node_reactor_watch (MusterNodeReactor *self,
                           MusterNodeWatch   *watch,
                           int                fd,
                           guint              events,
                           MusterNodeReady    ready,
                           gpointer           user_data)
{
  gboolean           is_new = watch->ready == NULL;
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (!is_new && watch->fd == fd && watch->events == events)
    return;
  if (epoll_ctl (self->epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0)
    g_warning ("cannot watch a descriptor: %s", g_strerror (errno));
  *watch = (MusterNodeWatch){ fd, events, ready, user_data };
}

void
muster_node_reactor_forget (MusterNodeReactor *self, MusterNodeWatch *watch)
{
  for (int i = 0; i < self->n_batch; i++)
    if (self->batch[i].data.ptr == watch)
      self->batch[i].data.ptr = NULL;
  *watch = (MusterNodeWatch){ 0 };
}

void
muster_node_reactor_unwatch (MusterNodeReactor *self, MusterNodeWatch *watch)
{
  if (watch->ready != NULL)
    epoll_ctl (self->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
  muster_node_reactor_forget (self, watch);
}
