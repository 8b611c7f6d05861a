/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_CREDENTIALS_H
#define MF_CREDENTIALS_H

#include "mf_port.h"

/* What the console gives at adoption: muster.pairing.Credentials of data/protocol/pairing.proto. */

#define MF_CREDENTIALS_HOSTS 4u
#define MF_CREDENTIALS_CA_MAX 1280u

struct mf_credentials
{
  char     adoption_id[40];
  char     site_name[64];
  char     hosts[MF_CREDENTIALS_HOSTS][64];
  unsigned n_hosts;
  uint16_t port;
  char     username[64]; /* also the edge node id */
  char     password[96];
  uint8_t  ca[MF_CREDENTIALS_CA_MAX];
  size_t   ca_size;
  char     group_id[64];
  char     host_id[64]; /* "": no primary host to wait for */
  char     tls_name[64];
  uint64_t time_ms;
};

/* Reads and checks them. Returns NULL, or what is wrong, in words for a person; then `self` is of
 * no use. Hosts beyond the fourth are left out. */
const char *mf_credentials_read (struct mf_credentials *self, struct mf_bytes bytes);

#endif
