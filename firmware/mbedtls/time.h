/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MBEDTLS_TIME_H
#define MBEDTLS_TIME_H

/* What Mbed TLS asks of a clock; tls.c has it from the board's. */
typedef long long time_t;

struct tm
{
  int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};

time_t time (time_t *out);

#endif
