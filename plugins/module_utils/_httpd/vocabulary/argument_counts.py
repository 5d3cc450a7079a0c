"""How many words httpd takes after each directive, by the kinds of its command tables (server/config.c, invoke_cmd)."""

from __future__ import annotations

MANY = 1 << 30

# On or Off; httpd leaves unread what follows.
_FLAGS = """
aliaspreservepath anonymous_logemail anonymous_mustgiveemail anonymous_nouserid anonymous_verifyemail authbasicauthoritative authdigestnccheck
authformauthoritative authformdisablenostore authformfakebasicauth authldapbindauthoritative authldapcompareasuser authldapcomparednonserver
authldapgroupattributeisdn authldapinitialbindasuser authldapremoteuserisdn authldapsearchasuser authzdbdlogintoreferer authzsendforbiddenonfailure
balancerinherit balancerpersist bufferedlogs cachedetailheader cacheheader cacheignorecachecontrol cacheignorenolastmod cacheignorequerystring
cachelock cachenegotiateddocs cachequickhandler cachestaleonerror cachestoreexpired cachestorenostore cachestoreprivate cgipassauth checkbasenamematch
checkcaseonly checkspelling contentdigest cookiehttponly cookiesecure cookietracking davdepthinfinity davlockdiscovery dbdpersist
directorycheckhandler directoryslash dumpioinput dumpiooutput expiresactive extendedstatus identitycheck indexignorereset keepalive
ldapverifyservercert mergeslashes mergetrailers modmimeusepathinfo protocolecho proxy100continue proxyaddheaders proxyexpressenable
proxyftpescapewildcards proxyftplistonwildcard proxyhtmlenable proxyhtmlextended proxyhtmlinterp proxyhtmlmeta proxyhtmlstripcomments proxypassinherit
proxypassinterpolateenv proxypreservehost proxyrequests proxywebsocketfallbacktoproxyhttp qualifyredirecturl redirectrelative remoteipproxyprotocol
rewriteengine seerequesttail session sessioncookieremove sessiondbdcookieremove sessiondbdperuser sessionenv ssietag ssilastmodified
ssilegacyexprparser sslcompression sslfips sslhonorcipherorder sslinsecurerenegotiation sslocspnoverify sslocspoverrideresponder
sslocspuserequestnonce sslproxycheckpeercn sslproxycheckpeerexpire sslproxycheckpeername sslproxyengine sslsessiontickets sslstaplingfaketrylater
sslstaplingreturnrespondererrors sslstrictsnivhostcheck sslusestapling stricthostcheck substituteinheritbefore suexec
"""
_ONE = """
acceptpathinfo adddefaultcharset allowencodedslashes asyncrequestworkerfactor authbasicusedigestalgorithm authdbduserpwquery authdbduserrealmquery
authdbmgroupfile authdbmtype authdbmuserfile authdigestalgorithm authdigestnoncelifetime authdigestshmemsize authformbody authformlocation
authformloginrequiredlocation authformloginsuccesslocation authformlogoutlocation authformmethod authformmimetype authformpassword
authformsitepassphrase authformsize authformusername authgroupfile authldapauthorizeprefix authldapbinddn authldapbindpassword authldapcharsetconfig
authldapdereferencealiases authldapmaxsubgroupdepth authldapremoteuserattribute authmerging authname authncachecontext authncachesocache
authncachetimeout authtype authuserfile authzdbdquery authzdbdredirectquery authzdbmtype balancergrowth brotlialteretag brotlicompressionmaxinputblock
brotlicompressionquality brotlicompressionwindow buffersize cachedefaultexpire cachedirlength cachedirlevels cachedisable cachekeybaseurl
cachelastmodifiedfactor cachelockmaxage cachelockpath cachemaxexpire cachemaxfilesize cacheminexpire cacheminfilesize cachereadsize cachereadtime
cacheroot cachesocache cachesocachemaxsize cachesocachemaxtime cachesocachemintime cachesocachereadsize cachesocachereadtime cgidscripttimeout
cgiscripttimeout charsetdefault charsetsourceenc chrootdir cookiedomain cookieexpires cookiename cookiesamesite cookiestyle coredumpdirectory dav
davbasepath davgenericlockdb davlockdb davmintimeout dbdexptime dbdinitsql dbdkeep dbdmax dbdmin dbdparams dbdriver defaulticon defaultlanguage
defaultruntimedir deflatealteretag deflatebuffersize deflatecompressionlevel deflateinflatelimitrequestbody deflateinflateratioburst
deflateinflateratiolimit deflatememlevel deflatewindowsize directoryindexredirect documentroot enablemmap enablesendfile errorlog expiresdefault
fallbackresource flushmaxpipelined flushmaxthreshold forcetype forensiclog gracefulshutdowntimeout group h2copyfiles h2direct h2earlyhints
h2maxdataframelen h2maxsessionstreams h2maxworkeridleseconds h2maxworkers h2minworkers h2moderntlsonly h2outputbuffering h2padding h2proxyrequests
h2push h2pushdiarysize h2serializeheaders h2sessionextrafiles h2streammaxmemsize h2streamtimeout h2tlscooldownsecs h2tlswarmupsize h2upgrade
h2websockets h2windowsize headername heartbeataddress heartbeatstorage hostnamelookups identitychecktimeout imapbase imapdefault imapmenu include
includeoptional indexheadinsert indexstylesheet inputsed keepalivetimeout keptbodysize ldapcacheentries ldapcachettl ldapconnectionpoolttl
ldapconnectiontimeout ldaplibrarydebug ldapopcacheentries ldapopcachettl ldapreferralhoplimit ldapreferrals ldapretries ldapretrydelay
ldapsharedcachefile ldapsharedcachesize ldaptimeout ldaptrustedmode limitrequestbody limitrequestfields limitrequestfieldsize limitrequestline
limitxmlrequestbody listenbacklog luacodecache luainherit luapackagecpath luapackagepath luaroot maxclients maxconnectionsperchild
maxkeepaliverequests maxmemfree maxrangeoverlaps maxrangereversals maxranges maxrequestsperchild maxrequestworkers maxsparethreads mdactivationdelay
mdbaseserver mdcacertificatefile mdcertificateagreement mdcertificatefile mdcertificatekeyfile mdcertificateprotocol mdcertificatestatus
mdchallengedns01version mdcheckinterval mdcontactemail mddrivemode mdhttpproxy mdmatchnames mdmuststaple mdrenewmode mdrenewwindow mdrequirehttps
mdretrydelay mdretryfailover mdserverstatus mdstapleothers mdstapling mdstaplingkeepresponse mdstaplingrenewwindow mdstoredir mdstorelocks
mdwarnwindow memcacheconnttl mimemagicfile minsparethreads modemstandard namevirtualhost order outputsed pidfile port protocol protocolshonororder
proxybadheader proxydomain proxyexpressdbmfile proxyexpressdbmtype proxyfcgibackendtype proxyftpdircharset proxyhctpsize proxyhtmlbufsize
proxyhtmlcharsetout proxyiobuffersize proxymaxforwards proxyreceivebuffersize proxyscgiinternalredirect proxyscgisendfile proxysourceaddress
proxystatus proxytimeout proxyvia readbuffersize readmename receivebuffersize redisconnpoolttl redistimeout remoteipheader remoteipinternalproxylist
remoteipproxiesheader remoteiptrustedproxylist rewritebase satisfy scoreboardfile scriptlog scriptlogbuffer scriptloglength scriptsock sendbuffersize
serveradmin serverlimit servername serverpath serverroot serversignature servertokens sessioncryptocipher sessioncryptopassphrasefile
sessiondbddeletelabel sessiondbdinsertlabel sessiondbdselectlabel sessiondbdupdatelabel sessionexclude sessionexpiryupdateinterval sessionheader
sessioninclude sessionmaxage sethandler setinputfilter setoutputfilter ssiendtag ssierrormsg ssistarttag ssitimeformat ssiundefinedecho
sslcacertificatefile sslcacertificatepath sslcadnrequestfile sslcadnrequestpath sslcarevocationfile sslcarevocationpath sslcertificatechainfile
sslcertificatefile sslcertificatekeyfile sslcryptodevice sslengine sslocspdefaultresponder sslocspproxyurl sslocsprespondercertificatefile
sslocsprespondertimeout sslocspresponsemaxage sslocspresponsetimeskew sslpassphrasedialog sslproxycacertificatefile sslproxycacertificatepath
sslproxycarevocationfile sslproxycarevocationpath sslproxymachinecertificatechainfile sslproxymachinecertificatefile sslproxymachinecertificatepath
sslproxyverify sslproxyverifydepth sslsessioncache sslsessioncachetimeout sslsessionticketkeyfile sslsrpunknownuserseed sslsrpverifierfile
sslstaplingcache sslstaplingerrorcachetimeout sslstaplingforceurl sslstaplingrespondertimeout sslstaplingresponsemaxage sslstaplingresponsetimeskew
sslstaplingstandardcachetimeout sslusername sslverifyclient sslverifydepth startservers substitute substitutemaxlinelength threadlimit threadsperchild
threadstacksize timeout traceenable transferlog typesconfig undefine usecanonicalname usecanonicalphysicalport user virtualdocumentroot
virtualdocumentrootip virtualscriptalias virtualscriptaliasip watchdoginterval xbithack xml2encdefault
"""
_TWO = """
acceptfilter addmoduleinfo aliasmatch authldapinitialbindpattern cgivar errordocument expiresbytype filtertrace h2earlyhint indexorderdefault
loadmodule luahookfixups luahookinsertfilter luahooklog luahookmaptostorage luahookpretranslatename luahooktypechecker luaquickhandler
mdcertificatecheck redirectpermanent redirecttemp script scriptaliasmatch sslopensslconfcmd suexecusergroup
"""
_THREE = """
filterprovider luaauthzprovider luainputfilter luaoutputfilter
"""
_ONE_OR_TWO = """
alias authbasicfake authldapurl brotlifilternote cacheenable dbdpreparesql define deflatefilternote errorlogformat filterdeclare
limitinternalrecursion listen logformat mdexternalaccountbinding mdportmap proxyhtmldoctype reflectorheader rlimitcpu rlimitmem rlimitnproc
scriptalias setenv sslciphersuite sslproxyciphersuite
"""
_TWO_OR_THREE = """
action customlog filterprotocol globallog h2pushpriority ldaptrustedclientcert ldaptrustedglobalcert luahookaccesschecker luahookauthchecker
luahookcheckuserid luahooktranslatename luamaphandler proxyfcgisetenvif proxypassreversecookiedomain proxypassreversecookiepath proxyremote
proxyremotematch redirectmatch rewritemap sslrandomseed
"""
_UP_TO_THREE = """
h2pushresource logmessage luascope proxypassreverse redirect
"""
_ONE_OR_MORE = """
allowconnect anonymous authbasicprovider authdigestdomain authdigestprovider authdigestqop authformprovider authldapgroupattribute
authldapsubgroupattribute authldapsubgroupclass authncacheprovidefor cachefile cacheignoreheaders cacheignoreurlsessionidentifiers charsetoptions
extfilteroptions filterchain forcelanguagepriority httpprotocoloptions indexignore languagepriority loadfile loglevel mmapfile multiviewsmatch noproxy
passenv protocols proxyblock proxyerroroverride proxyhtmlevents proxyhtmlfixups registerhttpmethod remoteipinternalproxy remoteiptrustedproxy
removecharset removeencoding removehandler removeinputfilter removelanguage removeoutputfilter removetype rewriteoptions sessioncryptopassphrase
unsetenv xml2startparse
"""
_TWO_OR_MORE = """
addalt addaltbyencoding addaltbytype addcharset adddescription addencoding addhandler addicon addiconbyencoding addiconbytype addinputfilter
addlanguage addoutputfilter addtype allow browsermatch browsermatchnocase deny proxyhtmllinks rewritecond rewriterule xml2encalias
"""
_THREE_OR_MORE = "setenvif setenvifnocase"

FLAGS = frozenset(_FLAGS.split())
# The least and the most words.
COUNTS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(_FLAGS.split(), (1, MANY)),
    **dict.fromkeys(_ONE.split(), (1, 1)),
    **dict.fromkeys(_TWO.split(), (2, 2)),
    **dict.fromkeys(_THREE.split(), (3, 3)),
    **dict.fromkeys(_ONE_OR_TWO.split(), (1, 2)),
    **dict.fromkeys(_TWO_OR_THREE.split(), (2, 3)),
    **dict.fromkeys(_UP_TO_THREE.split(), (1, 3)),
    **dict.fromkeys(_ONE_OR_MORE.split(), (1, MANY)),
    **dict.fromkeys(_TWO_OR_MORE.split(), (2, MANY)),
    **dict.fromkeys(_THREE_OR_MORE.split(), (3, MANY)),
}
# Sections of one argument, beside a `~`.
SECTIONS = frozenset(
    {"location", "locationmatch", "directory", "directorymatch", "files", "filesmatch"}
)
# What else is one of a few words.
CHOICES: dict[str, tuple[str, ...]] = {
    "acceptpathinfo": ("on", "off", "default"),
    "allowencodedslashes": ("on", "off", "nodecode"),
    "hostnamelookups": ("on", "off", "double"),
    "proxystatus": ("on", "off", "full"),
    "proxyvia": ("on", "off", "full", "block"),
    "serversignature": ("on", "off", "email"),
    "sslengine": ("on", "off", "optional"),
    "traceenable": ("on", "off", "extended"),
    "usecanonicalname": ("on", "off", "dns"),
}
# What begins a number; httpd drops what follows it.
NUMBERS = {"proxytimeout": "0*[1-9]"}
