<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>S4</name>
    <message>
        <location filename="../../s4_qgis/catalogues.py"/>
        <source>There is no source of images '{name}'.</source>
        <translation>Il n'y a pas de source d'images « {name} ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/catalogues.py"/>
        <source>Give {names}, the address of a STAC catalogue (https://…), or a file.</source>
        <translation>Indiquez {names}, l'adresse d'un catalogue STAC (https://…) ou un fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/catalogues.py"/>
        <source>The source {path} cannot be read: {reason}.</source>
        <translation>La source {path} ne peut pas être lue : {reason}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/catalogues.py"/>
        <source>Give a JSON file.</source>
        <translation>Indiquez un fichier JSON.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>S4</source>
        <translation>S4</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Random forest</source>
        <translation>Forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Logistic regression</source>
        <translation>Régression logistique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Random kernels (ROCKET)</source>
        <translation>Noyaux aléatoires (ROCKET)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Untrained network</source>
        <translation>Réseau non entraîné</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>S4, fitted to these images</source>
        <translation>S4, ajusté à ces images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Network trained on parcels only</source>
        <translation>Réseau entraîné sur les parcelles seules</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <location filename="../../s4_qgis/words.py"/>
        <source>read the images</source>
        <translation>lecture des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>{area}, {modalities}: {k} parcel(s) per class teach, {n} draws each.</source>
        <translation>{area}, {modalities} : {k} parcelle(s) par classe enseignent, {n} tirages chacun.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>S4 was compared with nothing that a user could do without it.</source>
        <translation>S4 n'a été comparé à rien de ce que l'on peut faire sans lui.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>With every parcel in its majority class: {difference}.</source>
        <translation>Avec chaque parcelle dans sa classe majoritaire : {difference}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>The model was pretrained on images of this area, never on its labels: S4 may look better than on a new area.</source>
        <translation>Le modèle a été préentraîné sur des images de cette zone, jamais sur ses étiquettes : S4 peut paraître meilleur que sur une nouvelle zone.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>One area was judged: the interval says nothing of other areas.</source>
        <translation>Une seule zone a été jugée : l'intervalle ne dit rien d'autres zones.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>S4 minus {rival}: {mean} mean IoU. Too few parcels judge for an interval.</source>
        <translation>S4 moins {rival} : {mean} d'IoU moyen. Trop peu de parcelles jugent pour un intervalle.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>S4 is ahead: {mean} mean IoU over the best without S4 ({rival}). The 95 % interval, {low} to {high}, excludes zero.</source>
        <translation>S4 est en tête : {mean} d'IoU moyen par rapport à la meilleure méthode sans S4 ({rival}). L'intervalle à 95 %, {low} à {high}, exclut zéro.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>{rival} is ahead: S4 is {mean} mean IoU from it. The 95 % interval, {low} to {high}, excludes zero.</source>
        <translation>{rival} est en tête : S4 en est à {mean} d'IoU moyen. L'intervalle à 95 %, {low} à {high}, exclut zéro.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>No difference was found: S4 is {mean} mean IoU from the best without S4 ({rival}), and the 95 % interval, {low} to {high}, holds zero.</source>
        <translation>Aucune différence n'a été trouvée : S4 est à {mean} d'IoU moyen de la meilleure méthode sans S4 ({rival}), et l'intervalle à 95 %, {low} à {high}, contient zéro.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>{value} ({low} to {high})</source>
        <translation>{value} ({low} à {high})</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source> and </source>
        <translation> et </translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Left out with {k} per class, no parcel to spare: {names}.</source>
        <translation>Écartées avec {k} par classe, faute de parcelle de reste : {names}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Left out: {name}. It needs optical and radar images of the area.</source>
        <translation>Écarté : {name}. Il faut des images optiques et radar de la zone.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Left out: {k} parcel(s) per class, {modality}. Fewer than two classes have a parcel to spare.</source>
        <translation>Écarté : {k} parcelle(s) par classe, {modality}. Moins de deux classes ont une parcelle de reste.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/comparing.py"/>
        <source>Left out: {modality}. There are no such images.</source>
        <translation>Écarté : {modality}. Il n'y a pas de telles images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/diagnostics.py"/>
        <location filename="../../s4_qgis/engine/page.py"/>
        <location filename="../../s4_qgis/options.py"/>
        <location filename="../../s4_qgis/panel/dock.py"/>
        <source>S4 Crop Mapper</source>
        <translation>S4 Crop Mapper</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/diagnostics.py"/>
        <source>The diagnostics are on the clipboard; look through them before you pass them on.</source>
        <translation>Le diagnostic est dans le presse-papiers ; relisez-le avant de le transmettre.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>The engine did not start in time.</source>
        <translation>Le moteur n'a pas démarré à temps.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>The engine speaks protocol {engine}, the plugin {plugin}.</source>
        <translation>Le moteur parle le protocole {engine}, l'extension {plugin}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>Restart QGIS; if that does not help, check the engine in the plugin's settings.</source>
        <translation>Redémarrez QGIS ; si cela ne suffit pas, vérifiez le moteur dans les paramètres de l'extension.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>The engine was killed while it worked.</source>
        <translation>Le moteur a été tué pendant son travail.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>The memory probably ran out: close other programs or take a smaller extent, then run it again; finished tiles and epochs are kept.</source>
        <translation>La mémoire a sans doute manqué : fermez d'autres programmes ou prenez une étendue plus petite, puis relancez ; les tuiles et les époques terminées sont conservées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>The engine ended before it answered ({how}).</source>
        <translation>Le moteur s'est terminé sans répondre ({how}).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>Run it again; if it ends again, check the engine in the plugin's settings, try the device cpu, and copy the diagnostics for a report.</source>
        <translation>Relancez ; s'il se termine de nouveau, vérifiez le moteur dans les paramètres de l'extension, essayez le périphérique cpu et joignez le diagnostic à un rapport.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>its output was closed</source>
        <translation>sa sortie a été fermée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/conversation.py"/>
        <source>exit code {code}</source>
        <translation>code de sortie {code}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>The interpreter {path} is not there or cannot be run.</source>
        <translation>L'interpréteur {path} est absent ou ne peut pas être lancé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Name another interpreter on the engine page, or let the plugin install the engine.</source>
        <translation>Indiquez un autre interpréteur sur la page du moteur, ou laissez l'extension installer le moteur.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>The engine is not installed yet.</source>
        <translation>Le moteur n'est pas encore installé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Install it, or name an interpreter, on the engine page of the plugin.</source>
        <translation>Installez-le, ou indiquez un interpréteur, sur la page du moteur de l'extension.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>The installation of the engine has not finished.</source>
        <translation>L'installation du moteur n'est pas terminée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Resume it on the engine page of the plugin; what is there is kept.</source>
        <translation>Reprenez-la sur la page du moteur de l'extension ; ce qui est là est conservé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Install the engine again on the engine page of the plugin.</source>
        <translation>Réinstallez le moteur sur la page du moteur de l'extension.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>The engine's interpreter {path} is gone; QGIS may have been upgraded.</source>
        <translation>L'interpréteur du moteur, {path}, a disparu ; QGIS a peut-être été mis à jour.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>The engine was built for numpy {old}; QGIS now has {new}.</source>
        <translation>Le moteur a été construit pour numpy {old} ; QGIS a maintenant {new}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>none there</source>
        <translation>aucun</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>{python} is no usable interpreter (exit code {code}). {errors}</source>
        <translation>{python} n'est pas un interpréteur utilisable (code de sortie {code}). {errors}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Name a Python 3.9 or newer that has GDAL and PyTorch.</source>
        <translation>Indiquez un Python 3.9 ou plus récent qui dispose de GDAL et de PyTorch.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>{python} cannot run the engine: {reasons}</source>
        <translation>{python} ne peut pas exécuter le moteur : {reasons}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Install Microsoft's Visual C++ runtime (x64), restart QGIS and try again; a virus scanner may also have locked a file.</source>
        <translation>Installez l'environnement d'exécution Visual C++ de Microsoft (x64), redémarrez QGIS et réessayez ; un antivirus a aussi pu verrouiller un fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/environment.py"/>
        <source>Install what is missing there, or let the plugin install the engine.</source>
        <translation>Installez-y ce qui manque, ou laissez l'extension installer le moteur.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>Trying the engine</source>
        <translation>Essai du moteur</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>The engine is ready</source>
        <translation>Le moteur est prêt</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>{path} cannot be removed: {reason}.</source>
        <translation>{path} ne peut pas être supprimé : {reason}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>Stop running jobs and close other QGIS windows, then try again.</source>
        <translation>Arrêtez les traitements en cours et fermez les autres fenêtres de QGIS, puis réessayez.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>{path} has {free} free; the engine needs {needed} while it is installed.</source>
        <translation>{path} dispose de {free} ; le moteur a besoin de {needed} pendant son installation.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>Free space on that disk, then resume.</source>
        <translation>Libérez de la place sur ce disque, puis reprenez.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>Another QGIS is installing the engine.</source>
        <translation>Un autre QGIS installe le moteur.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/installer.py"/>
        <source>Wait until it has finished.</source>
        <translation>Attendez qu'il ait terminé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>QGIS's own Python interpreter was not found. Looked for:</source>
        <translation>L'interpréteur Python de QGIS n'a pas été trouvé. Recherché :</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>QGIS's own Python interpreter cannot carry the engine.</source>
        <translation>L'interpréteur Python de QGIS ne peut pas porter le moteur.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>Name an interpreter that has GDAL and PyTorch instead.</source>
        <translation>Indiquez plutôt un interpréteur qui dispose de GDAL et de PyTorch.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>It fails with exit code {code}. {errors}</source>
        <translation>Il échoue avec le code de sortie {code}. {errors}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>Its answer was not understood.</source>
        <translation>Sa réponse n'a pas été comprise.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>It is Python {found}, QGIS runs Python {wanted}.</source>
        <translation>C'est Python {found} ; QGIS utilise Python {wanted}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source> (on Debian and Ubuntu: install the package python3-venv)</source>
        <translation> (sous Debian et Ubuntu : installez le paquet python3-venv)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/interpreter.py"/>
        <source>It cannot import {names}.</source>
        <translation>Il ne peut pas importer {names}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>QGIS's proxy {host} is a SOCKS proxy; images are fetched over HTTP ones only.</source>
        <translation>Le proxy {host} de QGIS est un proxy SOCKS ; les images ne passent que par des proxys HTTP.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>Choose an HTTP proxy in QGIS's network settings, or exclude the source there.</source>
        <translation>Choisissez un proxy HTTP dans les paramètres réseau de QGIS, ou excluez-y la source.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>The authentication '{id}' ({method}) cannot be used to fetch images.</source>
        <translation>L'authentification « {id} » ({method}) ne permet pas de télécharger des images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>Choose one with a user and password, an API header, or OAuth2.</source>
        <translation>Choisissez-en une avec utilisateur et mot de passe, un en-tête d'API ou OAuth2.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>The authentication '{id}' cannot be read, or is of another kind.</source>
        <translation>L'authentification « {id} » ne peut pas être lue, ou est d'un autre type.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/network.py"/>
        <source>Check it in QGIS's settings under Authentication, and QGIS's master password.</source>
        <translation>Vérifiez-la dans les paramètres de QGIS, sous Authentification, ainsi que le mot de passe principal de QGIS.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Install it from the network</source>
        <translation>L'installer depuis le réseau</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Use a Python interpreter of my own</source>
        <translation>Utiliser mon propre interpréteur Python</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Install it from an offline folder</source>
        <translation>L'installer depuis un dossier hors ligne</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Looking at QGIS's Python …</source>
        <translation>Examen du Python de QGIS …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>PyTorch's default build</source>
        <translation>La version par défaut de PyTorch</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Address of a package index with another build of PyTorch, for example for the processor only or for another CUDA. Its hash cannot be checked.</source>
        <translation>Adresse d'un index de paquets avec une autre version de PyTorch, par exemple pour le processeur seul ou pour un autre CUDA. Son empreinte ne peut pas être vérifiée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Use the installed one</source>
        <translation>Utiliser celui qui est installé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>PyTorch from index:</source>
        <translation>PyTorch depuis l'index :</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Try and use it</source>
        <translation>L'essayer et l'utiliser</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Any Python 3.9 or newer that has GDAL, PyTorch and what else S4 needs.</source>
        <translation>Tout Python 3.9 ou plus récent qui dispose de GDAL, de PyTorch et du reste de ce dont S4 a besoin.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Install from the folder</source>
        <translation>Installer depuis le dossier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>No folder is chosen.</source>
        <translation>Aucun dossier n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Choose the folder of packages.</source>
        <translation>Choisissez le dossier des paquets.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>No interpreter is chosen.</source>
        <translation>Aucun interpréteur n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Choose its program file.</source>
        <translation>Choisissez son fichier de programme.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page.py"/>
        <source>Remove the installed engine? It can be installed again.</source>
        <translation>Supprimer le moteur installé ? Il pourra être réinstallé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The engine is installed</source>
        <translation>Le moteur est installé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The engine is not installed yet</source>
        <translation>Le moteur n'est pas encore installé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The installation has not finished</source>
        <translation>L'installation n'est pas terminée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The engine cannot be used</source>
        <translation>Le moteur ne peut pas être utilisé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The variable S4_ENGINE_PYTHON names it: {path}</source>
        <translation>La variable S4_ENGINE_PYTHON l'indique : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Your own interpreter: {path}</source>
        <translation>Votre propre interpréteur : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>no GPU is seen, the processor is used</source>
        <translation>aucun GPU détecté, le processeur est utilisé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>PyTorch {torch}; {gpu}. {size} in {folder}</source>
        <translation>PyTorch {torch} ; {gpu}. {size} dans {folder}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Networks run in a process of their own, with PyTorch; nothing is uploaded. QGIS's own Python, GDAL and numpy stay as they are.</source>
        <translation>Les réseaux tournent dans un processus séparé, avec PyTorch ; rien n'est envoyé. Python, GDAL et numpy de QGIS restent tels quels.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Goes into {folder}</source>
        <translation>Sera placé dans {folder}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Downloads {fetched}; needs {needed} of free space while installing.</source>
        <translation>Télécharge {fetched} ; il faut {needed} d'espace libre pendant l'installation.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>How much is downloaded depends on the build of PyTorch there.</source>
        <translation>Le volume à télécharger dépend de la version de PyTorch qui s'y trouve.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>The installation on {platform} was not tested.</source>
        <translation>L'installation sur {platform} n'a pas été testée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Install anew</source>
        <translation>Réinstaller</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>Resume</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/page_texts.py"/>
        <source>A folder of packages, filled on a computer that has the network, the same system and the same Python, with the two lists from {folder}:</source>
        <translation>Un dossier de paquets, rempli sur un ordinateur connecté au réseau, avec le même système et le même Python, et contenant les deux listes de {folder} :</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Looking up {package}</source>
        <translation>Recherche de {package}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Downloading {package}</source>
        <translation>Téléchargement de {package}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Unpacking</source>
        <translation>Décompression</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>The installation stopped with exit code {code}.</source>
        <translation>L'installation s'est arrêtée avec le code de sortie {code}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Read the lines above, then resume; or use one of the other two ways.</source>
        <translation>Lisez les lignes ci-dessus, puis reprenez ; ou prenez l'un des deux autres moyens.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>The disk is full.</source>
        <translation>Le disque est plein.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Free space, then resume: what was installed is kept.</source>
        <translation>Libérez de la place, puis reprenez : ce qui a été installé est conservé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>A package is not the one that was checked: its hash differs.</source>
        <translation>Un paquet n'est pas celui qui a été vérifié : son empreinte diffère.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Try again; if it stays so, a proxy or mirror may alter packages: use an offline folder.</source>
        <translation>Réessayez ; si cela persiste, un proxy ou un miroir modifie peut-être les paquets : utilisez un dossier hors ligne.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>The server's certificate is not trusted.</source>
        <translation>Le certificat du serveur n'est pas reconnu.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Behind a company's proxy, set pip's option cert to its certificate; or use an offline folder.</source>
        <translation>Derrière le proxy d'une entreprise, donnez son certificat à l'option cert de pip ; ou utilisez un dossier hors ligne.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>The network or the package index cannot be reached.</source>
        <translation>Le réseau ou l'index de paquets est injoignable.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Check the connection and the proxy, then resume; or use an offline folder.</source>
        <translation>Vérifiez la connexion et le proxy, puis reprenez ; ou utilisez un dossier hors ligne.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>A package is missing, or there is none for this computer.</source>
        <translation>Un paquet manque, ou il n'en existe pas pour cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Check the torch index or the offline folder; or name an interpreter that has PyTorch.</source>
        <translation>Vérifiez l'index de torch ou le dossier hors ligne ; ou indiquez un interpréteur qui dispose de PyTorch.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>A path is too long for Windows.</source>
        <translation>Un chemin est trop long pour Windows.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Have long paths enabled in Windows, restart, then resume.</source>
        <translation>Faites activer les chemins longs dans Windows, redémarrez, puis reprenez.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>A file cannot be written.</source>
        <translation>Un fichier ne peut pas être écrit.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/pip_output.py"/>
        <source>Close other QGIS windows, look whether a virus scanner holds the file, then resume.</source>
        <translation>Fermez les autres fenêtres de QGIS, regardez si un antivirus bloque le fichier, puis reprenez.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>The offline folder {path} is not there.</source>
        <translation>Le dossier hors ligne {path} est absent.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>Choose the folder that holds the packages.</source>
        <translation>Choisissez le dossier qui contient les paquets.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>There is no checked list of packages for {key}; there is one for {known}.</source>
        <translation>Il n'y a pas de liste vérifiée de paquets pour {key} ; il y en a une pour {known}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>Name an interpreter that has GDAL and PyTorch, or an offline folder with lists.</source>
        <translation>Indiquez un interpréteur qui dispose de GDAL et de PyTorch, ou un dossier hors ligne avec des listes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>Installing the packages beside PyTorch</source>
        <translation>Installation des paquets autres que PyTorch</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>Installing PyTorch</source>
        <translation>Installation de PyTorch</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/plan.py"/>
        <source>Making the environment</source>
        <translation>Création de l'environnement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/process.py"/>
        <source>{program} did not answer within {seconds} seconds.</source>
        <translation>{program} n'a pas répondu en {seconds} secondes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/process.py"/>
        <source>Try again; a virus scanner may slow down the first start.</source>
        <translation>Réessayez ; un antivirus peut ralentir le premier démarrage.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/process.py"/>
        <source>{program} cannot be started: {reason}.</source>
        <translation>{program} ne peut pas être démarré : {reason}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/process.py"/>
        <source>Check the engine in the plugin's settings.</source>
        <translation>Vérifiez le moteur dans les paramètres de l'extension.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/setup_tasks.py"/>
        <source>Looking at QGIS's Python</source>
        <translation>Examen du Python de QGIS</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/setup_tasks.py"/>
        <source>Installing the engine of S4 Crop Mapper</source>
        <translation>Installation du moteur de S4 Crop Mapper</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/setup_tasks.py"/>
        <source>Trying the engine of S4 Crop Mapper</source>
        <translation>Essai du moteur de S4 Crop Mapper</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/engine/task.py"/>
        <source>This is a fault of the plugin: copy the diagnostics and report it.</source>
        <translation>C'est une erreur de l'extension : copiez le diagnostic et signalez-la.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/aside.py"/>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>{path} cannot be written: {message}</source>
        <translation>{path} ne peut pas être écrit : {message}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/aside.py"/>
        <source>Choose another file or folder.</source>
        <translation>Choisissez un autre fichier ou dossier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/aside.py"/>
        <source>A file cannot be written: {reason}.</source>
        <translation>Un fichier ne peut pas être écrit : {reason}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/aside.py"/>
        <source>Choose a folder that you may write to, with free space.</source>
        <translation>Choisissez un dossier où vous pouvez écrire, avec de l'espace libre.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Crop map</source>
        <translation>Carte des cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Crop map of {area}</source>
        <translation>Carte des cultures de {area}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Map: S4 Crop Mapper, QGIS.</source>
        <translation>Carte : S4 Crop Mapper, QGIS.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Contains modified Copernicus Sentinel data {years}.</source>
        <translation>Contient des données Copernicus Sentinel modifiées {years}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>SIMULATED DATA: nothing on this map was observed</source>
        <translation>DONNÉES SIMULÉES : rien sur cette carte n'a été observé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Confidence (red 0, green 1)</source>
        <translation>Confiance (rouge 0, vert 1)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Coordinate system: {crs}.</source>
        <translation>Système de coordonnées : {crs}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>{path} cannot be written.</source>
        <translation>{path} ne peut pas être écrit.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Choose another folder, with free space, and close the file elsewhere.</source>
        <translation>Choisissez un autre dossier, avec de l'espace libre, et fermez le fichier ailleurs.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/layout.py"/>
        <source>Legend</source>
        <translation>Légende</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_classes.py"/>
        <source>'{name}' names no classes.</source>
        <translation>« {name} » ne nomme aucune classe.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_classes.py"/>
        <source>Choose a class map made by S4, or style the layer with paletted values.</source>
        <translation>Choisissez une carte de classes faite par S4, ou donnez à la couche un style à palette.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_classes.py"/>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <location filename="../../s4_qgis/export/parcel_votes.py"/>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <location filename="../../s4_qgis/panel/report.py"/>
        <location filename="../../s4_qgis/processing/sheets.py"/>
        <source>{path} cannot be opened.</source>
        <translation>{path} ne peut pas être ouvert.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_classes.py"/>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <location filename="../../s4_qgis/export/parcel_votes.py"/>
        <location filename="../../s4_qgis/processing/sheets.py"/>
        <source>Check the path.</source>
        <translation>Vérifiez le chemin.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>No confidence raster is chosen.</source>
        <translation>Aucun raster de confiance n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Choose the one that was made with the map.</source>
        <translation>Choisissez celui qui a été fait avec la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>{path} is no confidence raster: it holds whole numbers.</source>
        <translation>{path} n'est pas un raster de confiance : il contient des nombres entiers.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>Map and confidence lie on different grids.</source>
        <translation>La carte et la confiance sont sur des grilles différentes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>Choose the confidence raster that was made with the map.</source>
        <translation>Choisissez le raster de confiance qui a été fait avec la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>The map cannot be made: {message}</source>
        <translation>La carte ne peut pas être faite : {message}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/map_export.py"/>
        <source>Choose another folder, with free space.</source>
        <translation>Choisissez un autre dossier, avec de l'espace libre.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>{path} has no pixel of its classes.</source>
        <translation>{path} n'a aucun pixel de ses classes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose a class map made by S4.</source>
        <translation>Choisissez une carte de classes faite par S4.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>{path} has no coordinate system.</source>
        <translation>{path} n'a pas de système de coordonnées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>Assign one: layer menu, Set CRS, then export the layer.</source>
        <translation>Attribuez-en un : menu de la couche, Définir le SCR, puis exportez la couche.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>QGIS cannot measure areas in the coordinate system of the map.</source>
        <translation>QGIS ne peut pas mesurer de surfaces dans le système de coordonnées de la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>Restart QGIS; if that does not help, set the map's coordinate system anew.</source>
        <translation>Redémarrez QGIS ; si cela ne suffit pas, redéfinissez le système de coordonnées de la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>The map cannot be made polygons: {message}</source>
        <translation>La carte ne peut pas être convertie en polygones : {message}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/export/vector.py"/>
        <source>Check that the file is complete.</source>
        <translation>Vérifiez que le fichier est complet.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>An input file cannot be used.</source>
        <translation>Un fichier d'entrée ne peut pas être utilisé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>These images cannot be used as an area.</source>
        <translation>Ces images ne peuvent pas servir de zone.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The images do not tell when they were taken.</source>
        <translation>Les images ne disent pas quand elles ont été prises.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>An image cannot be used.</source>
        <translation>Une image ne peut pas être utilisée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The images do not tell which bands they have.</source>
        <translation>Les images ne disent pas quelles bandes elles ont.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The parcels cannot be used.</source>
        <translation>Les parcelles ne peuvent pas être utilisées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>A setting does not fit.</source>
        <translation>Un réglage ne convient pas.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The model cannot be used.</source>
        <translation>Le modèle ne peut pas être utilisé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The result cannot be written.</source>
        <translation>Le résultat ne peut pas être écrit.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The training cannot go on.</source>
        <translation>L'entraînement ne peut pas continuer.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The memory does not suffice.</source>
        <translation>La mémoire ne suffit pas.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>The cluster cannot be used.</source>
        <translation>La grappe de calcul ne peut pas être utilisée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>A source of images cannot be used.</source>
        <translation>Une source d'images ne peut pas être utilisée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/failures.py"/>
        <source>This is a large job.</source>
        <translation>C'est une grosse tâche.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>No extent is chosen to get images of.</source>
        <translation>Aucune emprise n'est choisie pour les images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose one: from the map, a layer, or draw it.</source>
        <translation>Choisissez-en une : depuis la carte, une couche, ou dessinez-la.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>No season is chosen.</source>
        <translation>Aucune saison n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Give the first and the last day of it.</source>
        <translation>Indiquez son premier et son dernier jour.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>No folder is chosen for the images.</source>
        <translation>Aucun dossier n'est choisi pour les images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose a folder.</source>
        <translation>Choisissez un dossier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Neither optical nor radar images are chosen.</source>
        <translation>Ni images optiques ni images radar ne sont choisies.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose at least one of them.</source>
        <translation>Choisissez au moins l'une des deux.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Modality</source>
        <translation>Modalité</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Orbit</source>
        <translation>Orbite</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Backscatter</source>
        <translation>Rétrodiffusion</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>No downloaded images are chosen.</source>
        <translation>Aucune image téléchargée n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose their folder, or files.</source>
        <translation>Choisissez leur dossier, ou des fichiers.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Unit of the radar images</source>
        <translation>Unité des images radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>{source} has no {modality} images.</source>
        <translation>{source} n'a pas d'images ({modality}).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose another source, or leave these images out.</source>
        <translation>Choisissez une autre source, ou renoncez à ces images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>An authentication is for one source; {n} are chosen.</source>
        <translation>Une authentification vaut pour une seule source ; {n} sont choisies.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/image_requests.py"/>
        <source>Choose one source, or no authentication.</source>
        <translation>Choisissez une source, ou aucune authentification.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/images.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Images of {area}</source>
        <translation>Images de {area}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Count parcels</source>
        <translation>Comptage des parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Fewer than two classes have parcels: nothing can be told apart yet.</source>
        <translation>Moins de deux classes ont des parcelles : rien ne peut encore être distingué.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Only one parcel: {classes}. It cannot both train and check the class.</source>
        <translation>Une seule parcelle : {classes}. Elle ne peut pas à la fois enseigner la classe et la vérifier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>No parcel yet: {classes}.</source>
        <translation>Pas encore de parcelle : {classes}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>{n} parcel(s) lie outside of the images.</source>
        <translation>{n} parcelle(s) hors des images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>{n} parcel(s) have no class; they are not used.</source>
        <translation>{n} parcelle(s) sans classe ; elles ne sont pas utilisées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>The layer has edits that are not saved: only saved parcels are used.</source>
        <translation>La couche a des modifications non enregistrées : seules les parcelles enregistrées sont utilisées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>The layer cannot be created in {path}. {why}</source>
        <translation>La couche ne peut pas être créée dans {path}. {why}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Choose another folder.</source>
        <translation>Choisissez un autre dossier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>The layer {name} cannot be edited.</source>
        <translation>La couche {name} ne peut pas être modifiée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Save it as a GeoPackage and choose that layer.</source>
        <translation>Enregistrez-la en GeoPackage et choisissez cette couche.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Rename a class</source>
        <translation>Renommer une classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>The new names cannot be saved: {why}</source>
        <translation>Les nouveaux noms ne peuvent pas être enregistrés : {why}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/labels.py"/>
        <source>Check that the file may be written.</source>
        <translation>Vérifiez que le fichier peut être écrit.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/legend.py"/>
        <source>The legend cannot be written to {path}: {why}.</source>
        <translation>La légende ne peut pas être écrite dans {path} : {why}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/legend.py"/>
        <source>Choose another cache folder in the settings.</source>
        <translation>Choisissez un autre dossier de cache dans les paramètres.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/legend.py"/>
        <source>no class yet</source>
        <translation>pas encore de classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Defective</source>
        <translation>Défectueux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Dark, topographic shadow</source>
        <translation>Sombre, ombre du relief</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Cloud shadow</source>
        <translation>Ombre de nuage</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Vegetation (or clear, where the mask knows no more)</source>
        <translation>Végétation (ou clair, si le masque n'en sait pas plus)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Bare</source>
        <translation>Sol nu</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Water</source>
        <translation>Eau</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Unclassified</source>
        <translation>Non classé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Perhaps cloud</source>
        <translation>Nuage possible</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>Cloud</source>
        <translation>Nuages</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Thin cirrus</source>
        <translation>Cirrus fin</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Snow, ice</source>
        <translation>Neige, glace</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>Cloud masks</source>
        <translation>Masques de nuages</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>{date} cloud mask</source>
        <translation>{date} masque de nuages</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/masks.py"/>
        <source>{name}: masked</source>
        <translation>{name} : masqué</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Crops</source>
        <translation>Cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <location filename="../../s4_qgis/processing/sheets.py"/>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <source>others {area}</source>
        <translation>autres {area}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <source>Nothing was mapped.</source>
        <translation>Rien n'a été cartographié.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <source>{n} ha</source>
        <translation>{n} ha</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <source>Check the file.</source>
        <translation>Vérifiez le fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/runs.py"/>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <location filename="../../s4_qgis/processing/parcel_crops.py"/>
        <source>Parcels</source>
        <translation>Parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sampling.py"/>
        <source>{units} units are too few for {classes} classes.</source>
        <translation>{units} unités, c'est trop peu pour {classes} classes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sampling.py"/>
        <source>Draw at least {least}.</source>
        <translation>Tirez-en au moins {least}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sampling.py"/>
        <source>The map is empty.</source>
        <translation>La carte est vide.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sampling.py"/>
        <source>Choose a map with classes.</source>
        <translation>Choisissez une carte avec des classes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sampling.py"/>
        <source>Sample: fill in the crop</source>
        <translation>Échantillon : renseigner la culture</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sources.py"/>
        <source>The layer '{name}' is no raster file.</source>
        <translation>La couche « {name} » n'est pas un fichier raster.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/sources.py"/>
        <source>Choose layers of GeoTIFF, VRT or JPEG 2000 files; export other layers first.</source>
        <translation>Choisissez des couches de fichiers GeoTIFF, VRT ou JPEG 2000 ; exportez d'abord les autres.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/styling.py"/>
        <source>simulated</source>
        <translation>simulé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/suggest.py"/>
        <source>Look for places to label</source>
        <translation>Recherche de lieux à étiqueter</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/suggest.py"/>
        <source>The confidence of the map, {path}, cannot be read.</source>
        <translation>La confiance de la carte, {path}, ne peut pas être lue.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/layers/suggest.py"/>
        <source>Make the map again.</source>
        <translation>Refaites la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/main_thread.py"/>
        <source>QGIS is busy with something else.</source>
        <translation>QGIS est occupé par autre chose.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/main_thread.py"/>
        <source>Run it again in a moment.</source>
        <translation>Relancez dans un instant.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Computing and folders</source>
        <translation>Calcul et dossiers</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>What the engine computes on. auto takes a GPU where PyTorch can use one.</source>
        <translation>Ce sur quoi le moteur calcule. auto prend un GPU si PyTorch peut en utiliser un.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>automatic</source>
        <translation>automatique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Device</source>
        <translation>Périphérique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Threads</source>
        <translation>Fils d'exécution</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Cache folder</source>
        <translation>Dossier de cache</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Output folder</source>
        <translation>Dossier des résultats</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Defaults</source>
        <translation>Valeurs par défaut</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Optical</source>
        <translation>Optique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Radar</source>
        <translation>Radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Both</source>
        <translation>Les deux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Quick (head)</source>
        <translation>Rapide (tête)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Decoder</source>
        <translation>Décodeur</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Full</source>
        <translation>Complet</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>none</source>
        <translation>aucune</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Pixels below it become the class uncertain.</source>
        <translation>Les pixels en dessous deviennent la classe « uncertain ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/options_page.py"/>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Minimum confidence</source>
        <translation>Confiance minimale</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <source>Mean IoU {score}</source>
        <translation>IoU moyen {score}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <source>Overall accuracy {score}</source>
        <translation>Précision globale {score}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <source>Overall accuracy by the sample {score}</source>
        <translation>Précision globale d'après l'échantillon {score}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <source>{n} reference parcels</source>
        <translation>{n} parcelles de référence</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/accuracy.py"/>
        <source>All parcels trained the model, so these are the scores of the training, not of this map. A random sample, below, judges the map itself.</source>
        <translation>Toutes les parcelles ont entraîné le modèle : ces scores sont donc ceux de l'entraînement, pas de cette carte. Un échantillon aléatoire, ci-dessous, juge la carte elle-même.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <source>Draw thumbnails</source>
        <translation>Dessin des vignettes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <source>Usable</source>
        <translation>Utilisable</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>Bands</source>
        <translation>Bandes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/acquisitions.py"/>
        <source> (composite)</source>
        <translation> (composite)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Adjusted hectares correct the map's errors by the sample; with 95 % intervals (Olofsson et al. 2014).</source>
        <translation>Les hectares ajustés corrigent les erreurs de la carte d'après l'échantillon ; avec des intervalles à 95 % (Olofsson et al. 2014).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>no interval: the reference is not a random sample</source>
        <translation>pas d'intervalle : la référence n'est pas un échantillon aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Hectares are counted pixels; {reason}.</source>
        <translation>Les hectares sont des pixels comptés ; {reason}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Draw a random sample below to get intervals.</source>
        <translation>Tirez un échantillon aléatoire ci-dessous pour obtenir des intervalles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <source>Class</source>
        <translation>Classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <source>ha</source>
        <translation>ha</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Share</source>
        <translation>Part</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Adjusted ha</source>
        <translation>ha ajustés</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/areas_table.py"/>
        <source>Areas per class</source>
        <translation>Surfaces par classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Shipped: {name}</source>
        <translation>Fourni : {name}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>My own model …</source>
        <translation>Mon propre modèle …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Models (*.safetensors)</source>
        <translation>Modèles (*.safetensors)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Model to start from</source>
        <translation>Modèle de départ</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Choose a .safetensors file.</source>
        <translation>Choisissez un fichier .safetensors.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Reads {modalities}.</source>
        <translation>Lit : {modalities}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Already learned: {classes}.</source>
        <translation>A déjà appris : {classes}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>only</source>
        <translation>uniquement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>partly</source>
        <translation>en partie</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/checkpoint_choice.py"/>
        <source>Pretrained {how} on simulated images.</source>
        <translation>Préentraîné {how} sur des images simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Compare methods on these parcels</source>
        <translation>Comparer des méthodes sur ces parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>JSON files (*.json)</source>
        <translation>Fichiers JSON (*.json)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>in the output folder</source>
        <translation>dans le dossier des résultats</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Is S4 worth it here? A few parcels of each class teach, all others judge; again and again with other parcels, the same for every method. S4 learns in quick mode. Your model stays as it is.</source>
        <translation>S4 vaut-il la peine ici ? Quelques parcelles de chaque classe enseignent, toutes les autres jugent ; encore et encore avec d'autres parcelles, les mêmes pour chaque méthode. S4 apprend en mode rapide. Votre modèle reste tel quel.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Parcels per class, 1 to</source>
        <translation>Parcelles par classe, 1 à</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Draws of each</source>
        <translation>Tirages de chacun</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Write the result to</source>
        <translation>Écrire le résultat dans</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>S4: compare methods</source>
        <translation>S4 : comparer des méthodes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>The comparison has ended, but its project is closed. Its result: {path}</source>
        <translation>La comparaison est terminée, mais son projet est fermé. Son résultat : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Stopped. The methods that are finished are kept.</source>
        <translation>Arrêté. Les méthodes terminées sont conservées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>{n} draws. The time left is measured once it runs.</source>
        <translation>{n} tirages. Le temps restant se mesure dès que le calcul tourne.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>{n} draws: about {time}, as measured on this machine the last time.</source>
        <translation>{n} tirages : environ {time}, comme mesuré la dernière fois sur cette machine.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>The model to start from, in quick mode.</source>
        <translation>Le modèle de départ, en mode rapide.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>A random forest on the series, gaps filled: what most plugins offer.</source>
        <translation>Une forêt aléatoire sur la série, lacunes comblées : ce que propose la plupart des extensions.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Logistic regression on the same series.</source>
        <translation>Une régression logistique sur la même série.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Random kernels over the same series, and a ridge classifier.</source>
        <translation>Des noyaux aléatoires sur la même série, et un classifieur ridge.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>A control: the same network, untrained. What it gives is no merit of S4.</source>
        <translation>Un témoin : le même réseau, non entraîné. Ce qu'il donne n'est pas un mérite de S4.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>Fitted to the area's own unlabelled images first; needs optical and radar.</source>
        <translation>D'abord ajusté aux images non étiquetées de la zone elle-même ; il faut de l'optique et du radar.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison.py"/>
        <source>The same network, trained on the parcels alone. Takes minutes.</source>
        <translation>Le même réseau, entraîné sur les parcelles seules. Prend des minutes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Show the plot</source>
        <translation>Montrer le graphique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Save a copy …</source>
        <translation>Enregistrer une copie …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Every draw with its scores (JSON), and the plot (PNG).</source>
        <translation>Chaque tirage avec ses scores (JSON), et le graphique (PNG).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Written: {path}</source>
        <translation>Écrit : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Write to</source>
        <translation>Écrire dans</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>mIoU</source>
        <translation>mIoU</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Mean IoU by pixels: the mean over draws.</source>
        <translation>IoU moyen par pixels : la moyenne sur les tirages.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>by parcel</source>
        <translation>par parcelle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Mean IoU with every parcel in its majority class.</source>
        <translation>IoU moyen avec chaque parcelle dans sa classe majoritaire.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Difference</source>
        <translation>Écart</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>mIoU minus that of the best without S4, with its 95 % interval.</source>
        <translation>mIoU moins celui de la meilleure méthode sans S4, avec son intervalle à 95 %.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>ECE</source>
        <translation>ECE</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>Calibration error of the confidence: 0 is honest.</source>
        <translation>Erreur de calibration de la confiance : 0 est honnête.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Methods that were compared</source>
        <translation>Méthodes comparées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/comparison_view.py"/>
        <source>It may have been moved; compare again.</source>
        <translation>Il a peut-être été déplacé ; comparez à nouveau.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/confusion.py"/>
        <source>Confusion matrix</source>
        <translation>Matrice de confusion</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/confusion.py"/>
        <source>{reference} mapped as {mapped}: {pixels} pixels, {share}</source>
        <translation>{reference} cartographié comme {mapped} : {pixels} pixels, {share}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/curves.py"/>
        <location filename="../../s4_qgis/processing/models.py"/>
        <source>Curve of the training</source>
        <translation>Courbe de l'entraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/curves.py"/>
        <source>The curve begins with the first epoch.</source>
        <translation>La courbe commence avec la première époque.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/curves.py"/>
        <source>loss</source>
        <translation>perte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/curves.py"/>
        <source>epoch {n}</source>
        <translation>époque {n}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/dock.py"/>
        <source>Set up …</source>
        <translation>Configurer …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/dock.py"/>
        <source>One step before the first map: set up the engine that reads the images.</source>
        <translation>Une étape avant la première carte : configurer le moteur qui lit les images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>With confidence as an inset</source>
        <translation>Avec la confiance en médaillon</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source> ha</source>
        <translation> ha</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source> m</source>
        <translation> m</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Smaller patches join their neighbour; 0 keeps all.</source>
        <translation>Les taches plus petites rejoignent leur voisine ; 0 les garde toutes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Boundaries move by no more than this; 0 keeps pixel steps.</source>
        <translation>Les limites ne bougent pas plus que cela ; 0 garde l'escalier des pixels.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Styled map (GeoTIFF, QML, SLD) …</source>
        <translation>Carte stylée (GeoTIFF, QML, SLD) …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Polygons (GeoPackage) …</source>
        <translation>Polygones (GeoPackage) …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Parcels with their crop (GeoPackage) …</source>
        <translation>Parcelles avec leur culture (GeoPackage) …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>A copy of the parcel layer: the class of most of a parcel's pixels, and the mean confidence of all of them.</source>
        <translation>Une copie de la couche de parcelles : la classe de la plupart des pixels d'une parcelle, et la confiance moyenne de tous.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Map sheet (PDF or PNG) …</source>
        <translation>Mise en page (PDF ou PNG) …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Report page (HTML)</source>
        <translation>Page du rapport (HTML)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>GeoPackage (*.gpkg)</source>
        <translation>GeoPackage (*.gpkg)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>PDF (*.pdf);;PNG (*.png)</source>
        <translation>PDF (*.pdf);;PNG (*.png)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <location filename="../../s4_qgis/panel/map.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>More choices</source>
        <translation>Plus d'options</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Polygons: least area</source>
        <translation>Polygones : surface minimale</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Polygons: simplify by</source>
        <translation>Polygones : simplifier de</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Parcels: layer</source>
        <translation>Parcelles : couche</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Sheet: title</source>
        <translation>Mise en page : titre</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/export_box.py"/>
        <source>Folder for the styled map</source>
        <translation>Dossier de la carte stylée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <source>Whole area</source>
        <translation>Toute la zone</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <source>Extent to map</source>
        <translation>Étendue à cartographier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <source>Only within fields or cropland</source>
        <translation>Seulement dans les champs ou les cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Everything</source>
        <translation>Tout</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <source>Polygons or a mask raster to map within</source>
        <translation>Polygones ou raster de masque où cartographier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/extent_choice.py"/>
        <source>Everything: roads and woods become crops, as the model knows nothing else.</source>
        <translation>Tout : routes et bois deviennent des cultures, car le modèle ne connaît rien d'autre.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Extent to get images of</source>
        <translation>Emprise des images à obtenir</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Map view</source>
        <translation>Vue carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Take what the map shows now</source>
        <translation>Prendre ce que la carte montre maintenant</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Not chosen</source>
        <translation>Non choisie</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>The usual ones: free, no account</source>
        <translation>Les habituelles : gratuites, sans compte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Another STAC catalogue …</source>
        <translation>Un autre catalogue STAC …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>https://…, or a JSON file</source>
        <translation>https://…, ou un fichier JSON</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Address of the catalogue</source>
        <translation>Adresse du catalogue</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Images around the season help where its ends are under cloud</source>
        <translation>Les images autour de la saison aident si ses extrémités sont nuageuses</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Scenes with more cloud are left out; single clouds are masked</source>
        <translation>Les scènes plus nuageuses sont écartées ; les nuages isolés sont masqués</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>With more dates</source>
        <translation>Plus de dates</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Ascending</source>
        <translation>Ascendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Descending</source>
        <translation>Descendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Both, kept apart</source>
        <translation>Les deux, séparées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>as they are</source>
        <translation>tels quels</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Folder for the images</source>
        <translation>Dossier pour les images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Clouds, orbit, authentication</source>
        <translation>Nuages, orbite, authentification</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Days around the season</source>
        <translation>Jours autour de la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Cloud of a scene up to</source>
        <translation>Nuages d'une scène, au plus</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Radar orbit</source>
        <translation>Orbite du radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Radar pixels</source>
        <translation>Pixels du radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Authentication</source>
        <translation>Authentification</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Find clouds where images have no mask</source>
        <translation>Chercher les nuages si les images n'ont pas de masque</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>By s2cloudless, which must be installed in the engine's Python. It learned Level-1C: on Level-2A it misses cirrus. Look at its masks on the map.</source>
        <translation>Par s2cloudless, à installer dans le Python du moteur. Il a appris le niveau 1C : sur le niveau 2A, il manque les cirrus. Regardez ses masques sur la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Optical (Sentinel-2)</source>
        <translation>Optique (Sentinel-2)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>Radar (Sentinel-1)</source>
        <translation>Radar (Sentinel-1)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>{source} ({modalities})</source>
        <translation>{source} ({modalities})</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>{source}, needs keys</source>
        <translation>{source}, avec clés</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>{n} km²</source>
        <translation>{n} km²</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/fetch_fields.py"/>
        <source>{size}: large. Each optical date takes up to {bytes}; look at the sum first.</source>
        <translation>{size} : c'est grand. Chaque date optique prend jusqu'à {bytes} ; regardez d'abord le total.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>All of these images are in {folder} already.</source>
        <translation>Toutes ces images sont déjà dans {folder}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>{n} images are in {folder}.</source>
        <translation>{n} images sont dans {folder}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Stopped. What is complete is kept: download again to go on.</source>
        <translation>Arrêté. Ce qui est complet est gardé : relancez le téléchargement pour continuer.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Get {n} images</source>
        <translation>Obtenir {n} images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Get images for an extent and a season</source>
        <translation>Obtenir les images d'une emprise et d'une saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>See what there is</source>
        <translation>Voir ce qu'il y a</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Search images</source>
        <translation>Recherche d'images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Get images</source>
        <translation>Obtenir des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Images from a download folder</source>
        <translation>Images d'un dossier de téléchargements</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>See what they are</source>
        <translation>Voir ce que c'est</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>as the files say</source>
        <translation>selon les fichiers</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Linear power</source>
        <translation>Puissance linéaire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Folder of the downloads</source>
        <translation>Dossier des téléchargements</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Sentinel-2 SAFE and Theia products (folders or zip), openEO results, and GeoTIFFs with band names and dates become one folder of images.</source>
        <translation>Les produits Sentinel-2 SAFE et Theia (dossiers ou zip), les résultats d'openEO et les GeoTIFF avec noms de bandes et dates deviennent un seul dossier d'images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Downloads</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Extent</source>
        <translation>Emprise</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Radar unit</source>
        <translation>Unité radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Look at downloads</source>
        <translation>Examen des téléchargements</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/getting.py"/>
        <source>Bring images in</source>
        <translation>Import d'images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <location filename="../../s4_qgis/processing/base.py"/>
        <source>Images</source>
        <translation>Images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Read images</source>
        <translation>Lire les images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Try with the sample</source>
        <translation>Essayer avec l'exemple</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>A small simulated area that comes with the plugin</source>
        <translation>Une petite zone simulée, fournie avec l'extension</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Choose the Sentinel images of one season, or get them below.</source>
        <translation>Choisissez les images Sentinel d'une saison, ou obtenez-les ci-dessous.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Add images to map</source>
        <translation>Ajouter les images à la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Add cloud masks</source>
        <translation>Masques de nuages</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>See what the cloud masks take for cloud, date by date</source>
        <translation>Voir ce que les masques prennent pour des nuages, date par date</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Choose images</source>
        <translation>Choisir des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>{images}; state the season</source>
        <translation>{images} ; indiquez la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>The season ends before it starts.</source>
        <translation>La saison finit avant de commencer.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>The images do not tell when they were taken, or which bands they have.</source>
        <translation>Les images ne disent pas quand elles ont été prises, ni quelles bandes elles ont.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Give it in the table below: the project remembers it.</source>
        <translation>Indiquez-le dans le tableau ci-dessous : le projet s'en souvient.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Dates or bands are missing</source>
        <translation>Il manque des dates ou des bandes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Give it as YYYY-MM-DD.</source>
        <translation>Donnez-la sous la forme AAAA-MM-JJ.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Read again</source>
        <translation>Relire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Continue: modality</source>
        <translation>Continuer : modalité</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>State the season above: the first and the last day to look at.</source>
        <translation>Indiquez la saison ci-dessus : le premier et le dernier jour à considérer.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>{width} × {height} px of {x:g} × {y:g} {unit}, {crs}</source>
        <translation>{width} × {height} px de {x:g} × {y:g} {unit}, {crs}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>own coordinate system</source>
        <translation>système de coordonnées propre</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{what}: {found}</source>
        <translation>{what} : {found}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/images.py"/>
        <source>Simulated: no satellite saw this.</source>
        <translation>Simulé : aucun satellite n'a vu cela.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>Starting …</source>
        <translation>Démarrage …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>Stopping …</source>
        <translation>Arrêt …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>{n} s left</source>
        <translation>{n} s restantes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>{n} min left</source>
        <translation>{n} min restantes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>{n} h left</source>
        <translation>{n} h restantes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/job_row.py"/>
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Choose or draw parcels</source>
        <translation>Choisir des parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>{n} parcels, {k} classes</source>
        <translation>{n} parcelles, {k} classes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Continue: train</source>
        <translation>Continuer : entraîner</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Rename {old} to {new} in {n} parcel(s) of the layer {layer}?</source>
        <translation>Renommer {old} en {new} dans {n} parcelle(s) de la couche {layer} ?</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>New parcel layer</source>
        <translation>Nouvelle couche de parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Add class</source>
        <translation>Ajouter une classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>Name of the class</source>
        <translation>Nom de la classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>The map has no place to label.</source>
        <translation>La carte n'a aucun lieu à étiqueter.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Label more here</source>
        <translation>Étiqueter davantage ici</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>{n} places that the map is least sure of are on the map, numbered.</source>
        <translation>Les {n} lieux dont la carte est la moins sûre sont affichés et numérotés.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>no parcel yet</source>
        <translation>pas encore de parcelle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels.py"/>
        <source>only one parcel</source>
        <translation>une seule parcelle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Choose a polygon layer</source>
        <translation>Choisir une couche de polygones</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>New parcel layer …</source>
        <translation>Nouvelle couche de parcelles …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Add class …</source>
        <translation>Ajouter une classe …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Colour the layer by class</source>
        <translation>Colorer la couche par classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Suggest</source>
        <translation>Suggérer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>A few parcels of each crop suffice. Draw them inside the fields' edges.</source>
        <translation>Quelques parcelles de chaque culture suffisent. Dessinez-les à l'intérieur des limites des champs.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Use {file} of the images' folder</source>
        <translation>Utiliser {file} du dossier des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>&amp;Parcels</source>
        <translation>&amp;Parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>&amp;Crop</source>
        <translation>&amp;Culture</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source> places</source>
        <translation> lieux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/labels_form.py"/>
        <source>Parcels without a class, or else areas, that the last map is least sure of: labels help most there.</source>
        <translation>Parcelles sans classe, ou à défaut lieux, dont la dernière carte est la moins sûre : c'est là que les étiquettes aident le plus.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Classes</source>
        <translation>Classes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <source>Double-click to rename</source>
        <translation>Double-cliquez pour renommer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/legend_table.py"/>
        <source>Colour of {name}</source>
        <translation>Couleur de {name}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>One crop per parcel (majority)</source>
        <translation>Une culture par parcelle (majorité)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Go on with the finished tiles</source>
        <translation>Continuer avec les tuiles terminées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Apply</source>
        <translation>Appliquer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Train a model first</source>
        <translation>Entraîner d'abord un modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Ready to map</source>
        <translation>Prêt à cartographier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>S4: new minimum confidence</source>
        <translation>S4 : nouvelle confiance minimale</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>What to map</source>
        <translation>Que cartographier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>New minimum confidence, without mapping again</source>
        <translation>Nouvelle confiance minimale, sans refaire la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Pixels below become the class “uncertain”; 0 keeps them all.</source>
        <translation>Les pixels en dessous deviennent la classe « uncertain » ; 0 les garde tous.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>all of the season</source>
        <translation>toutes celles de la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>For a map before harvest: later images are not used.</source>
        <translation>Pour une carte avant la récolte : les images plus tardives ne sont pas utilisées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>a new folder in the output folder</source>
        <translation>un nouveau dossier dans le dossier des résultats</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Images until</source>
        <translation>Images jusqu'au</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Say first what to map</source>
        <translation>Dites d'abord que cartographier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Continue: report and export</source>
        <translation>Continuer : rapport et export</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>S4: map {area} by {modality}</source>
        <translation>S4 : cartographier {area} par {modality}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>A map is ready, but its project is closed. Its folder: {folder}</source>
        <translation>Une carte est prête, mais son projet est fermé. Son dossier : {folder}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Crops, confidence at least {share}</source>
        <translation>Cultures, confiance d'au moins {share}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Added as a layer: {path}</source>
        <translation>Ajouté comme couche : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>S4 crop map</source>
        <translation>Carte des cultures S4</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/map.py"/>
        <source>Stopped.</source>
        <translation>Arrêté.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/mapping.py"/>
        <source>No accuracy: {reason}</source>
        <translation>Pas de précision : {reason}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/mapping.py"/>
        <source>writing</source>
        <translation>écriture</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>Read the images first: they decide what can be chosen.</source>
        <translation>Lisez d'abord les images : elles décident de ce qui peut être choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>&amp;Optical</source>
        <translation>&amp;Optique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>&amp;Radar</source>
        <translation>&amp;Radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>&amp;Both</source>
        <translation>&amp;Les deux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>Map this season all the same</source>
        <translation>Cartographier cette saison malgré tout</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>After the images</source>
        <translation>Après les images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>Choose optical or radar</source>
        <translation>Choisir optique ou radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{modality}: does not fit</source>
        <translation>{modality} : ne convient pas</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{modality}: see the notes</source>
        <translation>{modality} : voir les remarques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{modality}: fits the model</source>
        <translation>{modality} : convient au modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{n} images</source>
        <translation>{n} images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>Season</source>
        <translation>Saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>Continue: labels</source>
        <translation>Continuer : étiquettes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>Uses {n} images of the season.</source>
        <translation>Utilise {n} images de la saison.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>{n} lie outside of it.</source>
        <translation>{n} sont en dehors.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>(comes with the plugin)</source>
        <translation>(fourni avec l'extension)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>What the model {name}{origin} expects:</source>
        <translation>Ce que le modèle {name}{origin} attend :</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/modality.py"/>
        <source>expected: {what}</source>
        <translation>attendu : {what}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>no {modality} images</source>
        <translation>pas d'image {modality}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>the model does not know {modality}</source>
        <translation>le modèle ne connaît pas : {modality}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>the model was trained for {modality}</source>
        <translation>le modèle a été entraîné pour : {modality}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>from {day}</source>
        <translation>à partir du {day}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>not stated</source>
        <translation>non indiqué</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>{start} to {end}, every {step} days</source>
        <translation>du {start} au {end}, tous les {step} jours</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>{start} to {end}</source>
        <translation>du {start} au {end}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>{modality} dates</source>
        <translation>{modality}, dates</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>at least {few} in the season</source>
        <translation>au moins {few} dans la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>{modality} bands</source>
        <translation>{modality}, bandes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>missing: {bands}</source>
        <translation>manquantes : {bands}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>not all of them in {n} of {all} images</source>
        <translation>pas toutes, dans {n} images sur {all}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>all of them</source>
        <translation>toutes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>power, converted to dB</source>
        <translation>puissance, convertie en dB</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>{modality} signal</source>
        <translation>{modality}, signal</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>ascending orbit</source>
        <translation>orbite ascendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>descending orbit</source>
        <translation>orbite descendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>backscatter not recorded</source>
        <translation>rétrodiffusion non renseignée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/model_fit.py"/>
        <source>orbit not recorded</source>
        <translation>orbite non renseignée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/notice.py"/>
        <source>Hide this message</source>
        <translation>Masquer ce message</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>Download it although it is large</source>
        <translation>Télécharger bien que ce soit volumineux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>{images}, {first} to {last}</source>
        <translation>{images}, du {first} au {last}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>{modality}: {source}, {width} × {height} px of {pixel:g} m</source>
        <translation>{modality} : {source}, {width} × {height} px de {pixel:g} m</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>{n} of them are there already</source>
        <translation>{n} d'entre elles sont déjà là</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>To download: about {download}. On the disk: up to {disk}, {free} are free.</source>
        <translation>À télécharger : environ {download}. Sur le disque : jusqu'à {disk}, {free} libres.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>The disk has too little room for it.</source>
        <translation>Le disque n'a pas assez de place.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>This is a large download: it takes long, and much of the disk.</source>
        <translation>C'est un gros téléchargement : il sera long et prendra beaucoup de place.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>{n} left out: {reason}</source>
        <translation>{n} écartées : {reason}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>Not recognised: {file}. {reason}</source>
        <translation>Non reconnu : {file}. {reason}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>Covered</source>
        <translation>Couvert</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Images that were found</source>
        <translation>Images trouvées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>ascending</source>
        <translation>ascendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>descending</source>
        <translation>descendante</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/plan_view.py"/>
        <source>There already</source>
        <translation>Déjà là</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Pretrain on your own images</source>
        <translation>Préentraîner sur vos propres images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>validation loss</source>
        <translation>perte de validation</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Pretrain in the background</source>
        <translation>Préentraîner en arrière-plan</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>This area: {name}</source>
        <translation>Cette zone : {name}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Areas to learn from</source>
        <translation>Zones dont apprendre</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>The network learns, without labels, what your radar and optical images have in common. Each area needs both. QGIS stays usable meanwhile.</source>
        <translation>Le réseau apprend, sans étiquettes, ce que vos images radar et optiques ont en commun. Chaque zone a besoin des deux. QGIS reste utilisable pendant ce temps.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Add folder …</source>
        <translation>Ajouter un dossier …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Epochs</source>
        <translation>Époques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Steps per epoch</source>
        <translation>Pas par époque</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>S4: pretrain</source>
        <translation>S4 : préentraîner</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Pretrained: {path}</source>
        <translation>Préentraîné : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Stopped. The finished epochs are kept.</source>
        <translation>Arrêté. Les époques terminées sont conservées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Folder of an area</source>
        <translation>Dossier d'une zone</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>Runs on {device}</source>
        <translation>Tourne sur {device}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>{n} steps. The time left is measured once it runs.</source>
        <translation>{n} pas. Le temps restant est mesuré une fois l'entraînement lancé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/pretrain.py"/>
        <source>{n} steps: about {time}, as measured on this machine.</source>
        <translation>{n} pas : environ {time}, d'après les mesures sur cette machine.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Make a map first: its areas and its accuracy appear here.</source>
        <translation>Faites d'abord une carte : ses surfaces et sa précision apparaissent ici.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Rows: reference; columns: map; per cent of each row.</source>
        <translation>Lignes : référence ; colonnes : carte ; pour cent de chaque ligne.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Make a map first</source>
        <translation>Faire d'abord une carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>mean IoU {score}</source>
        <translation>IoU moyen {score}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>There is such a sample already: {path}</source>
        <translation>Un tel échantillon existe déjà : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Its crops are kept.</source>
        <translation>Ses cultures sont conservées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: draw a sample</source>
        <translation>S4 : tirer un échantillon</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: judge the map</source>
        <translation>S4 : évaluer la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: export the map</source>
        <translation>S4 : exporter la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: polygons of the map</source>
        <translation>S4 : polygones de la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>The project has no layer of polygons.</source>
        <translation>Le projet n'a pas de couche de polygones.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Add the layer of parcels, or choose it under More choices.</source>
        <translation>Ajoutez la couche des parcelles, ou choisissez-la sous Plus d'options.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: crops of the parcels</source>
        <translation>S4 : cultures des parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>S4: report</source>
        <translation>S4 : rapport</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Areas</source>
        <translation>Surfaces</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Accuracy</source>
        <translation>Précision</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Take away</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>{n} polygons: {path}</source>
        <translation>{n} polygones : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>Parcels with their crop</source>
        <translation>Parcelles avec leur culture</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>{n} of {all} parcels have a crop: {path}</source>
        <translation>{n} parcelles sur {all} ont une culture : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/report.py"/>
        <source>The run's files may have been moved; make the map again.</source>
        <translation>Les fichiers de ce calcul ont peut-être été déplacés ; refaites la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Draw a random sample</source>
        <translation>Tirer un échantillon aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Stratified by mapped class</source>
        <translation>Stratifié par classe cartographiée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Simple random</source>
        <translation>Aléatoire simple</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Draw</source>
        <translation>Tirer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Judge the map by the sample</source>
        <translation>Évaluer la carte par l'échantillon</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Squares of one pixel, drawn at random over the map. Find out what grows in each, and fill in the column “crop”. Only such a sample gives areas and accuracies with honest intervals.</source>
        <translation>Des carrés d'un pixel, tirés au hasard sur la carte. Trouvez ce qui pousse dans chacun et remplissez la colonne « crop ». Seul un tel échantillon donne des surfaces et des précisions avec des intervalles honnêtes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Design</source>
        <translation>Plan</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>Units</source>
        <translation>Unités</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>{filled} of {units} units have a crop.</source>
        <translation>{filled} unités sur {units} ont une culture.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>The sample's file is gone, or it is none that was drawn here.</source>
        <translation>Le fichier de l'échantillon a disparu, ou ce n'en est pas un tiré ici.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>{n} units have no crop yet. Leaving them out would spoil the sample: fill in all.</source>
        <translation>{n} unités n'ont pas encore de culture. Les omettre fausserait l'échantillon : remplissez-les toutes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/sample_box.py"/>
        <source>The sample has unsaved edits. Save them first.</source>
        <translation>L'échantillon a des modifications non enregistrées. Enregistrez-les d'abord.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>No class has a second parcel, so the accuracy cannot be assessed.</source>
        <translation>Aucune classe n'a de deuxième parcelle, la précision ne peut donc pas être évaluée.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Label at least two parcels of each class.</source>
        <translation>Étiquetez au moins deux parcelles de chaque classe.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Expect {low} to {high} on other parcels, judging by how far off such scores were on simulated areas.</source>
        <translation>Attendez-vous à une valeur de {low} à {high} sur d'autres parcelles, d'après l'écart de tels scores sur des zones simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Not assessable (a single parcel): {names}.</source>
        <translation>Non évaluable (une seule parcelle) : {names}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>trained, not assessable</source>
        <translation>entraînée, non évaluable</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Mean IoU: each parcel was judged by a model that had not seen it.</source>
        <translation>IoU moyen : chaque parcelle a été jugée par un modèle qui ne l'avait pas vue.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Mean IoU: the parcels were judged in groups, each by a model that had not seen it.</source>
        <translation>IoU moyen : les parcelles ont été jugées par groupes, chacun par un modèle qui ne l'avait pas vu.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>Mean IoU on parcels that were kept back from the training.</source>
        <translation>IoU moyen sur des parcelles mises de côté pendant l'entraînement.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>The spread is over parcels (95 %).</source>
        <translation>La dispersion est sur les parcelles (95 %).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>The random forest saw the same pixels and was judged by the same parcels.</source>
        <translation>La forêt aléatoire a vu les mêmes pixels et a été jugée sur les mêmes parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>S4 is clearly ahead of a random forest on the same parcels.</source>
        <translation>S4 devance nettement une forêt aléatoire sur les mêmes parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>A random forest is clearly ahead on the same parcels.</source>
        <translation>Une forêt aléatoire devance nettement S4 sur les mêmes parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>The random forest</source>
        <translation>La forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/scores.py"/>
        <source>{name} is ahead on the same parcels, but the spreads overlap.</source>
        <translation>{name} devance sur les mêmes parcelles, mais les dispersions se recouvrent.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>First day</source>
        <translation>Premier jour</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>Last day</source>
        <translation>Dernier jour</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>First day of the season</source>
        <translation>Premier jour de la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/season_fields.py"/>
        <source>Last day of the season</source>
        <translation>Dernier jour de la saison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <source>A &amp;folder</source>
        <translation>Un &amp;dossier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <source>&amp;Layers of the project</source>
        <translation>&amp;Couches du projet</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>Folder of the images</source>
        <translation>Dossier des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <source>Folder with the subfolders optical, radar</source>
        <translation>Dossier avec les sous-dossiers optical, radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <source>Raster layers and groups</source>
        <translation>Couches raster et groupes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/source_choice.py"/>
        <source>The project has no raster files yet.</source>
        <translation>Le projet n'a pas encore de fichiers raster.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <source>To do</source>
        <translation>À faire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <source>Running</source>
        <translation>En cours</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/step_list.py"/>
        <location filename="../../s4_qgis/panel/steps.py"/>
        <source>Failed</source>
        <translation>Échec</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/steps.py"/>
        <source>Running …</source>
        <translation>En cours …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>Timeline of the images</source>
        <translation>Chronologie des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{modality}: {n} images, {gaps} gaps longer than {days} days</source>
        <translation>{modality} : {n} images, {gaps} trous de plus de {days} jours</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{n} d</source>
        <translation>{n} j</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{share} cloud, </source>
        <translation>{share} de nuages, </translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{share} usable</source>
        <translation>{share} utilisable</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{n} optical</source>
        <translation>{n} optiques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/timeline.py"/>
        <source>{n} radar</source>
        <translation>{n} radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Train</source>
        <translation>Entraîner</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>as in the model</source>
        <translation>comme dans le modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>all</source>
        <translation>toutes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Compare with a random forest</source>
        <translation>Comparer à une forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Go on after the last finished epoch</source>
        <translation>Continuer après la dernière époque terminée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>validation mIoU</source>
        <translation>mIoU de validation</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Ready to train</source>
        <translation>Prêt à entraîner</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Start from</source>
        <translation>Partir de</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>How to learn</source>
        <translation>Comment apprendre</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>A random forest on the raw series, judged by the same parcels; takes a minute.</source>
        <translation>Une forêt aléatoire sur les séries brutes, jugée sur les mêmes parcelles ; prend une minute.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Parcels per class</source>
        <translation>Parcelles par classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Write the model to</source>
        <translation>Écrire le modèle dans</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Parcels that are not used for training judge the map afterwards.</source>
        <translation>Les parcelles qui ne servent pas à l'entraînement jugent ensuite la carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Continue: map</source>
        <translation>Continuer : carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>S4: train by {modality}</source>
        <translation>S4 : entraîner par {modality}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>The training has ended, but its project is closed. The model: {path}</source>
        <translation>L'entraînement est terminé, mais son projet est fermé. Le modèle : {path}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Stopped. No model was written.</source>
        <translation>Arrêté. Aucun modèle n'a été écrit.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Quick</source>
        <translation>Rapide</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Reads out the pretrained network as it is. The fastest; good for few parcels.</source>
        <translation>Lit le réseau préentraîné tel quel. Le plus rapide ; bon pour peu de parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Also trains the part that draws the map. Slower; for dozens of parcels.</source>
        <translation>Entraîne aussi la partie qui dessine la carte. Plus lent ; pour des dizaines de parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Trains the whole network, as in the S4 paper. The slowest; for many parcels.</source>
        <translation>Entraîne tout le réseau, comme dans l'article S4. Le plus lent ; pour beaucoup de parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Choose images first</source>
        <translation>Choisir d'abord des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Choose a modality first</source>
        <translation>Choisir d'abord une modalité</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Choose parcels first</source>
        <translation>Choisir d'abord des parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/train.py"/>
        <source>Label two classes first</source>
        <translation>Étiqueter d'abord deux classes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>Remember and read again</source>
        <translation>Retenir et relire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>{n} raster(s) are not used. If they are images, give their dates (YYYY-MM-DD) and bands in the order of the file (B02 B03 … or VV VH).</source>
        <translation>{n} raster(s) ne sont pas utilisés. Si ce sont des images, donnez leurs dates (AAAA-MM-JJ) et leurs bandes dans l'ordre du fichier (B02 B03 … ou VV VH).</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/unknown_rasters.py"/>
        <source>'{text}' is not the date of {file}.</source>
        <translation>« {text} » n'est pas la date de {file}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/warnings_list.py"/>
        <source>Show fewer</source>
        <translation>En montrer moins</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/panel/warnings_list.py"/>
        <source>{n} more …</source>
        <translation>{n} de plus …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/plugin.py"/>
        <source>Copy diagnostics</source>
        <translation>Copier le diagnostic</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/plugin.py"/>
        <source>Settings …</source>
        <translation>Paramètres …</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>... or raster layers</source>
        <translation>... ou couches raster</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Season as START:END, for example 2018-10-15:2019-10-31</source>
        <translation>Saison sous la forme DÉBUT:FIN, par exemple 2018-10-15:2019-10-31</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>As declared, else dB</source>
        <translation>Comme déclaré, sinon dB</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>Use no image after this day (YYYY-MM-DD)</source>
        <translation>N'utiliser aucune image après ce jour (AAAA-MM-JJ)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>Cloud mask: a band (SCL), a raster path with {date} in it, or none</source>
        <translation>Masque de nuages : une bande (SCL), un chemin de raster contenant {date}, ou none</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>Reflectance per digital number (Sentinel-2: 0.0001)</source>
        <translation>Réflectance par valeur numérique (Sentinel-2 : 0.0001)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/area.py"/>
        <source>Images to use</source>
        <translation>Images à utiliser</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/base.py"/>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/base.py"/>
        <source>Maps</source>
        <translation>Cartes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/base.py"/>
        <source>Cancelled.</source>
        <translation>Annulé.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Compare methods on few parcels</source>
        <translation>Comparer des méthodes sur peu de parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Methods to compare</source>
        <translation>Méthodes à comparer</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Training parcels per class: 1 to</source>
        <translation>Parcelles d'entraînement par classe : 1 à</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Draws of these parcels</source>
        <translation>Tirages de ces parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Model to start from (empty: the one of the plugin)</source>
        <translation>Modèle de départ (vide : celui de l'extension)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Steps of fitting S4 to these images (empty: the engine's)</source>
        <translation>Pas de l'ajustement de S4 à ces images (vide : ceux du moteur)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Steps of training on parcels only (empty: the engine's)</source>
        <translation>Pas de l'entraînement sur les parcelles seules (vide : ceux du moteur)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Seed of every random draw</source>
        <translation>Graine de tous les tirages aléatoires</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Take over the methods that a stopped run has finished</source>
        <translation>Reprendre les méthodes qu'un calcul arrêté a terminées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Every draw with its scores (JSON)</source>
        <translation>Chaque tirage avec ses scores (JSON)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Table of the methods</source>
        <translation>Table des méthodes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Plot</source>
        <translation>Graphique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>The best without S4</source>
        <translation>La meilleure sans S4</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>mIoU of S4 minus that of the best without it</source>
        <translation>mIoU de S4 moins celui de la meilleure sans lui</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>... lower end of the 95 % interval</source>
        <translation>... borne inférieure de l'intervalle à 95 %</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>... upper end of the 95 % interval</source>
        <translation>... borne supérieure de l'intervalle à 95 %</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>Who is ahead</source>
        <translation>Qui est en tête</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/benchmark.py"/>
        <source>What was left out, and why</source>
        <translation>Ce qui a été écarté, et pourquoi</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Assess a crop map</source>
        <translation>Évaluer une carte des cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>No random sample</source>
        <translation>Pas un échantillon aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>A random sample of the map</source>
        <translation>Un échantillon aléatoire de la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>A random sample within each mapped class</source>
        <translation>Un échantillon aléatoire dans chaque classe cartographiée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Reference parcels</source>
        <translation>Parcelles de référence</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <location filename="../../s4_qgis/processing/labels.py"/>
        <source>Class field</source>
        <translation>Champ de la classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>... or reference raster of class codes</source>
        <translation>... ou raster de référence des codes de classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Parcels that trained the model (left out)</source>
        <translation>Parcelles qui ont entraîné le modèle (exclues)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>The reference is</source>
        <translation>La référence est</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Confidence (empty: confidence.tif beside the map)</source>
        <translation>Confiance (vide : confidence.tif à côté de la carte)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Metrics (JSON)</source>
        <translation>Mesures (JSON)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Report (HTML)</source>
        <translation>Rapport (HTML)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>HTML files (*.html)</source>
        <translation>Fichiers HTML (*.html)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Mean intersection over union</source>
        <translation>Intersection sur union moyenne</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Overall accuracy</source>
        <translation>Précision globale</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Reference parcels counted</source>
        <translation>Parcelles de référence comptées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>What to know about the scores</source>
        <translation>Ce qu'il faut savoir des scores</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Both parcels and a raster are chosen as reference.</source>
        <translation>Des parcelles et un raster sont tous deux choisis comme référence.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No reference is chosen.</source>
        <translation>Aucune référence n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Choose parcels or a raster.</source>
        <translation>Choisissez des parcelles ou un raster.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>The class field of the reference is missing.</source>
        <translation>Le champ de la classe de la référence manque.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/evaluate.py"/>
        <source>Choose the field.</source>
        <translation>Choisissez le champ.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Export a crop map</source>
        <translation>Exporter une carte des cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Minimum confidence (0..1); pixels below become 'uncertain'</source>
        <translation>Confiance minimale (0..1) ; les pixels en dessous deviennent « uncertain »</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Name of the files (empty: the map's)</source>
        <translation>Nom des fichiers (vide : celui de la carte)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Give these parcels their majority class</source>
        <translation>Donner à ces parcelles leur classe majoritaire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Title of the map sheet (empty: from the area's name)</source>
        <translation>Titre de la planche (vide : d'après le nom de la zone)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Add the exported map to the project</source>
        <translation>Ajouter la carte exportée au projet</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Folder of the exported files</source>
        <translation>Dossier des fichiers exportés</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Map sheet (PDF)</source>
        <translation>Planche cartographique (PDF)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Map sheet (PNG)</source>
        <translation>Planche cartographique (PNG)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Parcels with their majority class</source>
        <translation>Parcelles avec leur classe majoritaire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Exported map</source>
        <translation>Carte exportée</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>QGIS style</source>
        <translation>Style QGIS</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>SLD style</source>
        <translation>Style SLD</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Legend (JSON)</source>
        <translation>Légende (JSON)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>A minimum confidence needs the confidence raster.</source>
        <translation>Une confiance minimale exige le raster de confiance.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>No parcels are chosen that could get their majority class.</source>
        <translation>Aucune parcelle n'est choisie qui pourrait recevoir sa classe majoritaire.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Choose the parcels, or skip the layer of parcels.</source>
        <translation>Choisissez les parcelles, ou renoncez à la couche de parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>'{name}' is no name of a file.</source>
        <translation>« {name} » n'est pas un nom de fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <source>Give a name without folders; choose the folder below.</source>
        <translation>Donnez un nom sans dossier ; choisissez le dossier plus bas.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/exportmap.py"/>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No map is chosen.</source>
        <translation>Aucune carte n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/extents.py"/>
        <source>None of the images has a coordinate system.</source>
        <translation>Aucune des images n'a de système de coordonnées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/extents.py"/>
        <source>Assign it to the images.</source>
        <translation>Attribuez-en un aux images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/extents.py"/>
        <source>The extent does not touch the images.</source>
        <translation>L'étendue ne touche pas les images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/extents.py"/>
        <source>Choose an extent that lies on them.</source>
        <translation>Choisissez une étendue située sur elles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/feedback.py"/>
        <source>Engine {version} on {device}. {reason}</source>
        <translation>Moteur {version} sur {device}. {reason}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Sources, one a line: names or addresses (empty: the usual ones)</source>
        <translation>Sources, une par ligne : noms ou adresses (vide : les habituelles)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Collections to search, one a line</source>
        <translation>Collections à chercher, une par ligne</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Largest cloud cover of a scene (%)</source>
        <translation>Couverture nuageuse maximale d'une scène (%)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Days before and after the season, of which images are got too</source>
        <translation>Jours avant et après la saison dont les images sont aussi prises</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Size of radar pixels (m; empty: as the source has it)</source>
        <translation>Taille des pixels radar (m ; vide : comme la source)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>As the source has it</source>
        <translation>Comme la source</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/fetch.py"/>
        <source>Authentication, where the source wants one</source>
        <translation>Authentification, si la source en demande une</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Train on parcels</source>
        <translation>Entraîner sur des parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Quick: a linear head (seconds to minutes)</source>
        <translation>Rapide : une tête linéaire (de quelques secondes à quelques minutes)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Decoder (longer)</source>
        <translation>Décodeur (plus long)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Full: the whole network (longest)</source>
        <translation>Complet : tout le réseau (le plus long)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>What learns</source>
        <translation>Ce qui apprend</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Judge a random forest by the same parcels, for comparison</source>
        <translation>Juger une forêt aléatoire sur les mêmes parcelles, pour comparaison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Trained model</source>
        <translation>Modèle entraîné</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Parcels that it learned from</source>
        <translation>Parcelles dont il a appris</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>mIoU on parcels held back</source>
        <translation>mIoU sur les parcelles mises de côté</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>mIoU of the random forest</source>
        <translation>mIoU de la forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Train on so many parcels a class (empty: all)</source>
        <translation>Entraîner sur tant de parcelles par classe (vide : toutes)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Epochs of decoder and full (empty: the model's)</source>
        <translation>Époques de décodeur et complet (vide : celles du modèle)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>Legend: names, codes and colours of the classes (JSON)</source>
        <translation>Légende : noms, codes et couleurs des classes (JSON)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Go on after the last finished epoch of a stopped run</source>
        <translation>Continuer après la dernière époque terminée d'un calcul arrêté</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>No class has a parcel to spare: accuracy is not known.</source>
        <translation>Aucune classe n'a de parcelle à céder : la précision n'est pas connue.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/finetune.py"/>
        <source>A random forest, judged by the same parcels: mIoU {value}</source>
        <translation>Une forêt aléatoire, jugée sur les mêmes parcelles : mIoU {value}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>... or the box around the features of a layer</source>
        <translation>... ou le rectangle autour des entités d'une couche</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>The one with more dates</source>
        <translation>Celle qui a le plus de dates</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Make a cloud mask for images without one (by s2cloudless)</source>
        <translation>Faire un masque de nuages si les images n'en ont pas (par s2cloudless)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Only tell what there is, get nothing</source>
        <translation>Indiquer seulement ce qu'il y a, ne rien télécharger</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Go on although it is large</source>
        <translation>Continuer bien que ce soit volumineux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Table of the images</source>
        <translation>Table des images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Optical images</source>
        <translation>Images optiques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Radar images</source>
        <translation>Images radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Bytes to download</source>
        <translation>Octets à télécharger</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Warnings</source>
        <translation>Avertissements</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Both an extent and a layer are chosen.</source>
        <translation>Une emprise et une couche sont toutes deux choisies.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose one of them.</source>
        <translation>Choisissez l'un des deux.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>The layer has no features.</source>
        <translation>La couche n'a pas d'entités.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/getting.py"/>
        <source>Choose another layer, or an extent.</source>
        <translation>Choisissez une autre couche, ou une emprise.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/given.py"/>
        <source>'{name}' is no raster that QGIS can open.</source>
        <translation>« {name} » n'est pas un raster que QGIS sait ouvrir.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/given.py"/>
        <source>Check the path, or choose a raster layer.</source>
        <translation>Vérifiez le chemin, ou choisissez une couche raster.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/given.py"/>
        <source>{missing} of the {given} chosen layers cannot be opened.</source>
        <translation>{missing} des {given} couches choisies ne peuvent pas être ouvertes.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/given.py"/>
        <source>Check their paths, or take them out of the choice.</source>
        <translation>Vérifiez leurs chemins, ou retirez-les du choix.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Bring downloaded images in</source>
        <translation>Importer des images téléchargées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Season as START:END (empty: all days)</source>
        <translation>Saison DÉBUT:FIN (vide : tous les jours)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>As the files say</source>
        <translation>Selon les fichiers</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Not recognised</source>
        <translation>Non reconnus</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/importing.py"/>
        <source>Not recognised: {file}</source>
        <translation>Non reconnu : {file}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Inspect images</source>
        <translation>Inspecter les images</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Description (JSON)</source>
        <translation>Description (JSON)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/inspect.py"/>
        <source>Coordinate system of maps</source>
        <translation>Système de coordonnées des cartes</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/labels.py"/>
        <source>Labelled parcels</source>
        <translation>Parcelles étiquetées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/labels.py"/>
        <source>No parcels are chosen.</source>
        <translation>Aucune parcelle n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/labels.py"/>
        <source>Choose a layer of parcels.</source>
        <translation>Choisissez une couche de parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/models.py"/>
        <source>S4 models (*.safetensors)</source>
        <translation>Modèles S4 (*.safetensors)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/parcel_crops.py"/>
        <source>Choose another place for it.</source>
        <translation>Choisissez un autre emplacement.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/parcel_crops.py"/>
        <source>The layer of parcels cannot be written.</source>
        <translation>La couche de parcelles ne peut pas être écrite.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Pretrain on unlabelled images</source>
        <translation>Préentraîner sur des images non étiquetées</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Folders of further areas, one a line</source>
        <translation>Dossiers d'autres zones, un par ligne</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Model to go on from (empty: a new one)</source>
        <translation>Modèle à poursuivre (vide : un nouveau)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Epochs (empty: the configuration's)</source>
        <translation>Époques (vide : celles de la configuration)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Pretrained model</source>
        <translation>Modèle préentraîné</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Rests on simulated data: no, in part, only</source>
        <translation>Repose sur des données simulées : no (non), in part (en partie), only (uniquement)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>field: for crop maps</source>
        <translation>field : pour les cartes des cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>paper: as published</source>
        <translation>paper : comme publié</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Preset of a new model</source>
        <translation>Préréglage d'un nouveau modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/pretrain.py"/>
        <source>Take the bands' mean and spread from this area, JSON file or model</source>
        <translation>Prendre la moyenne et la dispersion des bandes de cette zone, de ce fichier JSON ou de ce modèle</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>As in the plugin's settings</source>
        <translation>Comme dans les paramètres de l'extension</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>A GPU if there is one</source>
        <translation>Un GPU s'il y en a un</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>CPU threads (empty: as in the plugin's settings)</source>
        <translation>Fils d'exécution CPU (vide : comme dans les paramètres de l'extension)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/runtime.py"/>
        <source>Further settings, one a line: key = value</source>
        <translation>Autres réglages, un par ligne : clé = valeur</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Map crops</source>
        <translation>Cartographier les cultures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Extent (empty: all)</source>
        <translation>Étendue (vide : tout)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Map only inside these polygons</source>
        <translation>Cartographier seulement dans ces polygones</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Map only where this raster is above 0</source>
        <translation>Cartographier seulement où ce raster est supérieur à 0</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Side of a tile, pixels (empty: chosen)</source>
        <translation>Côté d'une tuile, pixels (vide : choisi)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Margin read around a tile, pixels (empty: chosen)</source>
        <translation>Marge lue autour d'une tuile, pixels (vide : choisie)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Go on with the finished tiles of a stopped run</source>
        <translation>Continuer avec les tuiles terminées d'un calcul arrêté</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Areas per class (CSV)</source>
        <translation>Surfaces par classe (CSV)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>CSV files (*.csv)</source>
        <translation>Fichiers CSV (*.csv)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Mapped hectares</source>
        <translation>Hectares cartographiés</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/segment.py"/>
        <source>Both polygons and a raster say where to map.</source>
        <translation>Des polygones et un raster disent tous deux où cartographier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Crop map to polygons</source>
        <translation>Carte des cultures en polygones</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Smaller patches join their largest neighbour, hectares</source>
        <translation>Les taches plus petites rejoignent leur plus grande voisine, hectares</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Simplify boundaries by at most, metres (0: keep pixel steps)</source>
        <translation>Simplifier les limites d'au plus, mètres (0 : garder l'escalier des pixels)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>One feature a class instead of one a patch</source>
        <translation>Une entité par classe au lieu d'une par tache</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Polygons</source>
        <translation>Polygones</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Polygons written</source>
        <translation>Polygones écrits</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectorize.py"/>
        <source>Crops (polygons)</source>
        <translation>Cultures (polygones)</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>The layer '{name}' cannot be copied to {path}: {message}</source>
        <translation>La couche « {name} » ne peut pas être copiée vers {path} : {message}</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>Save the layer as a GeoPackage and choose that file.</source>
        <translation>Enregistrez la couche en GeoPackage et choisissez ce fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>'{value}' is no vector layer that QGIS can open.</source>
        <translation>« {value} » n'est pas une couche vectorielle que QGIS sait ouvrir.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>Check the path, or choose a polygon layer.</source>
        <translation>Vérifiez le chemin, ou choisissez une couche de polygones.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>Nothing is selected in the layer '{name}'.</source>
        <translation>Rien n'est sélectionné dans la couche « {name} ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/processing/vectors.py"/>
        <source>Select polygons, or take off 'Selected features only'.</source>
        <translation>Sélectionnez des polygones, ou décochez « Entité(s) sélectionnée(s) uniquement ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No images are chosen.</source>
        <translation>Aucune image n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose a folder of images or raster layers.</source>
        <translation>Choisissez un dossier d'images ou des couches raster.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Both a folder and raster layers are chosen.</source>
        <translation>Un dossier et des couches raster sont tous deux choisis.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The reflectance scale is {scale}.</source>
        <translation>L'échelle de réflectance est {scale}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give a number above zero; Sentinel-2 L2A has 0.0001.</source>
        <translation>Donnez un nombre supérieur à zéro ; Sentinel-2 L2A a 0.0001.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No area is chosen to learn from.</source>
        <translation>Aucune zone dont apprendre n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose a folder of images.</source>
        <translation>Choisissez un dossier d'images.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Preset</source>
        <translation>Préréglage</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No model to start from is chosen.</source>
        <translation>Aucun modèle de départ n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose a pretrained model.</source>
        <translation>Choisissez un modèle préentraîné.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Training mode</source>
        <translation>Mode d'entraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Number of parcels per class</source>
        <translation>Nombre de parcelles par classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No model is chosen.</source>
        <translation>Aucun modèle n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose a fine-tuned model.</source>
        <translation>Choisissez un modèle entraîné sur des parcelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Tile size</source>
        <translation>Taille des tuiles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Halo</source>
        <translation>Marge des tuiles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose parcels or a reference raster.</source>
        <translation>Choisissez des parcelles ou un raster de référence.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Sampling</source>
        <translation>Échantillonnage</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Training parcels per class</source>
        <translation>Parcelles d'entraînement par classe</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Number of draws</source>
        <translation>Nombre de tirages</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No method is chosen.</source>
        <translation>Aucune méthode n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose at least one.</source>
        <translation>Choisissez-en au moins une.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No run is chosen.</source>
        <translation>Aucun calcul n'est choisi.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose the folder of a map.</source>
        <translation>Choisissez le dossier d'une carte.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The report has no file name.</source>
        <translation>Le rapport n'a pas de nom de fichier.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Name a file that ends in .html.</source>
        <translation>Nommez un fichier qui se termine par .html.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The extent is empty.</source>
        <translation>L'étendue est vide.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose one that has an area.</source>
        <translation>Choisissez-en une qui a une surface.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>'{line}' is not a setting.</source>
        <translation>« {line} » n'est pas un réglage.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Write one a line, for example pretrain.epochs = 5.</source>
        <translation>Écrivez-en un par ligne, par exemple pretrain.epochs = 5.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Number of epochs</source>
        <translation>Nombre d'époques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>'{text}' is not a date.</source>
        <translation>« {text} » n'est pas une date.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give it as YYYY-MM-DD, for example 2019-07-01.</source>
        <translation>Donnez-la sous la forme AAAA-MM-JJ, par exemple 2019-07-01.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The model to write is called '{name}'.</source>
        <translation>Le modèle à écrire s'appelle « {name} ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give it a name that ends in .safetensors.</source>
        <translation>Donnez-lui un nom qui se termine par .safetensors.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The model would replace the one that it starts from.</source>
        <translation>Le modèle remplacerait celui dont il part.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give another name.</source>
        <translation>Donnez un autre nom.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The map to write is called '{name}'.</source>
        <translation>La carte à écrire s'appelle « {name} ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give it a name that ends in .tif.</source>
        <translation>Donnez-lui un nom qui se termine par .tif.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The result to write is called '{name}'.</source>
        <translation>Le résultat à écrire s'appelle « {name} ».</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give it a name that ends in .json.</source>
        <translation>Donnez-lui un nom qui se termine par .json.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>No modality is chosen.</source>
        <translation>Aucune modalité n'est choisie.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose optical, radar or both.</source>
        <translation>Choisissez optique, radar ou les deux.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>The minimum confidence is {value}.</source>
        <translation>La confiance minimale est {value}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give a number from 0 to 1.</source>
        <translation>Donnez un nombre de 0 à 1.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Number of threads</source>
        <translation>Nombre de fils d'exécution</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>{name}: '{value}' is not possible.</source>
        <translation>{name} : « {value} » n'est pas possible.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Choose one of: {choices}.</source>
        <translation>Choisissez parmi : {choices}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>{name}: {value} is not possible.</source>
        <translation>{name} : {value} n'est pas possible.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/requests.py"/>
        <source>Give at least {least}.</source>
        <translation>Donnez au moins {least}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/shipped.py"/>
        <source>There is no model in {folder}.</source>
        <translation>Il n'y a pas de modèle dans {folder}.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/shipped.py"/>
        <source>Install the plugin again, or choose a pretrained model.</source>
        <translation>Réinstallez l'extension, ou choisissez un modèle préentraîné.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>optical</source>
        <translation>optique</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>radar</source>
        <translation>radar</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>both</source>
        <translation>les deux</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>pretrain</source>
        <translation>préentraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>finetune</source>
        <translation>entraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>features</source>
        <translation>caractéristiques</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>readout</source>
        <translation>apprentissage de la tête</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>compare</source>
        <translation>comparaison</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>series of the random forest</source>
        <translation>séries de la forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>random forest</source>
        <translation>forêt aléatoire</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>segment</source>
        <translation>cartographie</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>count</source>
        <translation>comptage</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>write map</source>
        <translation>écriture de la carte</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>evaluate</source>
        <translation>évaluation</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>draw the report</source>
        <translation>dessin du rapport</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>forecast</source>
        <translation>prévision</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>fetch</source>
        <translation>récupération</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>search</source>
        <translation>recherche</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>download</source>
        <translation>téléchargement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>few parcels</source>
        <translation>peu de parcelles</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>fine-tune</source>
        <translation>entraînement</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>import</source>
        <translation>importation</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>recognise</source>
        <translation>reconnaissance</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>figures</source>
        <translation>figures</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>This area is simulated: a simulator made its images and parcels, and the numbers say nothing of any real place.</source>
        <translation>Cette zone est simulée : un simulateur a fait ses images et ses parcelles, et les chiffres ne disent rien d'aucun lieu réel.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model learned its classes from simulated images and parcels; the images that were mapped are real.</source>
        <translation>Le modèle a appris ses classes sur des images et des parcelles simulées ; les images cartographiées sont réelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was pretrained in part on simulated areas; the images that were mapped are real.</source>
        <translation>Le modèle a été préentraîné en partie sur des zones simulées ; les images cartographiées sont réelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was pretrained only on simulated areas; the images that were mapped are real.</source>
        <translation>Le modèle n'a été préentraîné que sur des zones simulées ; les images cartographiées sont réelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was trained in part on simulated areas; the images that were mapped are real.</source>
        <translation>Le modèle a été entraîné en partie sur des zones simulées ; les images cartographiées sont réelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was trained only on simulated areas; the images that were mapped are real.</source>
        <translation>Le modèle n'a été entraîné que sur des zones simulées ; les images cartographiées sont réelles.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model learned its classes from simulated images and parcels.</source>
        <translation>Le modèle a appris ses classes d'images et de parcelles simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was pretrained in part on simulated areas.</source>
        <translation>Le modèle a été préentraîné en partie sur des zones simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was pretrained only on simulated areas.</source>
        <translation>Le modèle a été préentraîné uniquement sur des zones simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was trained in part on simulated areas.</source>
        <translation>Le modèle a été entraîné en partie sur des zones simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>The model was trained only on simulated areas.</source>
        <translation>Le modèle a été entraîné uniquement sur des zones simulées.</translation>
    </message>
    <message>
        <location filename="../../s4_qgis/words.py"/>
        <source>SIMULATED DATA.</source>
        <translation>DONNÉES SIMULÉES.</translation>
    </message>
</context>
</TS>
