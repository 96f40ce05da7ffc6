# SPDX-License-Identifier: MIT
# Perl's Net::SMTP does a job: net_smtp.pl FILE (see foreign.py)
use strict;
use warnings;
use JSON::PP;
use Net::SMTP;

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/;
    my $octets = <$in>;
    return defined $octets ? $octets : '';
}

my $job = decode_json(slurp($ARGV[0]));
my @refused;

sub finish {
    my ($error) = @_;
    print encode_json({error => $error, refused => \@refused}), "\n";
    exit 0;
}

sub failed {
    my ($client, $what) = @_;
    finish("$what: " . $client->code . ' ' . $client->message);
}

my @tls = (SSL_ca_file => $job->{ca}, SSL_verify_mode => 1, SSL_verifycn_name => $job->{name});
my $implicit = $job->{tls} eq 'implicit';
my $client = Net::SMTP->new($job->{host}, Port => $job->{port}, Hello => $job->{hello},
    Timeout => 20, ExactAddresses => 1, SSL => $implicit, $implicit ? @tls : ());
finish("connect: $@") unless $client;
if ($job->{tls} eq 'starttls') {
    $client->starttls(@tls) or failed($client, "STARTTLS $IO::Socket::SSL::SSL_ERROR");
}
if ($job->{auth}) {
    require Authen::SASL;
    my ($mechanism, $user, $password) = @{$job->{auth}};
    my $sasl = Authen::SASL->new(mechanism => $mechanism,
        callback => {user => $user, authname => '', pass => $password});
    # Of one mechanism that is refused nothing else is left to try.
    $client->auth($sasl) or failed($client, 'AUTH');
}
for my $letter (@{$job->{messages}}) {
    my $octets = slurp($letter->{file});
    my $bits = $letter->{bits} || ($octets =~ /[^\0-\177]/ ? 8 : undef);
    if ($bits && $bits eq 'binary' && !defined $client->supports('BINARYMIME')) {
        finish('no BINARYMIME');
    }
    $client->mail("<$letter->{from}>", Size => length $octets, $bits ? (Bits => $bits) : ())
        or failed($client, 'MAIL');
    for my $recipient (@{$letter->{to}}) {
        push @refused, $recipient unless $client->recipient("<$recipient>");
    }
    if ($bits && $bits eq 'binary') {
        my $half = int(length($octets) / 2);
        $client->bdat(substr $octets, 0, $half) or failed($client, 'BDAT');
        $client->bdatlast(substr $octets, $half) or failed($client, 'BDAT LAST');
        next;
    }
    $client->data or failed($client, 'DATA');
    $client->datasend($octets) or failed($client, 'content');
    $client->dataend or failed($client, 'end of data');
}
$client->quit or failed($client, 'QUIT');
finish('');
