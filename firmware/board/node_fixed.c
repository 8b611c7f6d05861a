/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node_update.h"

/* A node that keeps the program that it has. */

void
node_update_init (struct mf_node *node, const struct mf_credentials *site)
{
  (void)node;
  (void)site;
}

void
node_update_step (void)
{
}

bool
node_update_fetch (void *user, const char *url, uint32_t offset, uint32_t size)
{
  (void)user;
  (void)url;
  (void)offset;
  (void)size;
  return false;
}

void
node_update_stop (void *user)
{
  (void)user;
}
