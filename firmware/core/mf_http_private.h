/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_HTTP_PRIVATE_H
#define MF_HTTP_PRIVATE_H

#include "mf_http.h"

/* What mf_http.c (the exchange) and mf_http_head.c (the texts in it) share. */

/* Where a URL leads: of the authority what stands behind the host, of the rest what a request asks
 * for. Both point into the URL. */
struct mf_http_target
{
  char        host[MF_HTTP_HOST_SIZE];
  uint16_t    port;
  const char *port_text; /* with its colon, "" where the URL has none */
  size_t      port_size;
  const char *path; /* "" stands for "/" */
};

/* False: it is none that this client fetches from. */
bool mf_http_parse_url (struct mf_http_target *self, const char *url, bool tls);

/* Lines of a response without their ends, with NUL. False: it must not be so. A field whose line
 * was too long is told by `is_cut`. */
bool mf_http_parse_status (struct mf_http_head *self, const char *line);
bool mf_http_parse_field (struct mf_http_head *self, char *line, bool is_cut);
bool mf_http_parse_chunk_size (uint64_t *size, const char *line, bool is_cut);

#endif
